using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Springest.LocalHost;

/// <summary>Gives a parameter its value for one run.</summary>
internal delegate ValueTask<object?> ParameterBinder(LocalFunctionContext context);

/// <summary>A method marked <c>[Function]</c>, and where each of its parameters comes from.</summary>
internal sealed class Function
{
    private readonly ObjectFactory? _create;
    private readonly ParameterBinder[] _binders;

    /// <param name="name">The function's name.</param>
    /// <param name="method">The method.</param>
    /// <param name="triggerType">The platform's name of the trigger, such as <c>timerTrigger</c>.</param>
    /// <param name="bind">How the trigger binds a parameter; null for one that it knows nothing of.</param>
    public Function(string name, MethodInfo method, string triggerType, Func<ParameterInfo, ParameterBinder?> bind)
    {
        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
            throw new FunctionsHostException("It is 'async void', so nobody would know when it ends. Return Task.");

        Name = name;
        Method = method;
        Definition = new LocalFunctionDefinition(name, method, triggerType);
        _binders = [.. method.GetParameters().Select(parameter => BindCommon(parameter) ?? bind(parameter) ?? throw Unbound(parameter))];
        if (!method.IsStatic)
            _create = CreatorOf(method.DeclaringType!);
    }

    public string Name { get; }

    public MethodInfo Method { get; }

    public LocalFunctionDefinition Definition { get; }

    /// <summary>Binds the parameters, makes the class, calls the method and waits for it.</summary>
    /// <returns>The method's answer to HTTP; null if it gives none.</returns>
    public async Task<HttpResponseData?> CallAsync(LocalFunctionContext context)
    {
        var arguments = new object?[_binders.Length];
        try
        {
            for (var i = 0; i < arguments.Length; i++)
                arguments[i] = await _binders[i](context);
            var instance = _create?.Invoke(context.InstanceServices, []);
            return await WaitAsync(Method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null));
        }
        finally
        {
            foreach (var stream in arguments.OfType<Stream>())
                await stream.DisposeAsync();
        }
    }

    private static async Task<HttpResponseData?> WaitAsync(object? returned)
    {
        switch (returned)
        {
            case Task<HttpResponseData?> task:
                return await task;
            case ValueTask<HttpResponseData?> task:
                return await task;
            case Task task:
                await task;
                return null;
            case ValueTask task:
                await task;
                return null;
            default:
                return returned as HttpResponseData;
        }
    }

    private static ParameterBinder? BindCommon(ParameterInfo parameter)
        => parameter.ParameterType == typeof(FunctionContext) ? context => new(context)
            : parameter.ParameterType == typeof(CancellationToken) ? context => new(context.CancellationToken)
            : null;

    private static ObjectFactory CreatorOf(Type type)
    {
        try
        {
            return ActivatorUtilities.CreateFactory(type, []);
        }
        catch (InvalidOperationException exception)
        {
            throw new FunctionsHostException($"Its class cannot be made. {exception.Message}", exception);
        }
    }

    private static FunctionsHostException Unbound(ParameterInfo parameter)
        => new($"Nothing gives its parameter '{parameter.Name}' of type {parameter.ParameterType.Name} a value.");
}

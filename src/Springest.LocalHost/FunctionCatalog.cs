using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Configuration;

namespace Springest.LocalHost;

/// <summary>Every function of the app, checked.</summary>
internal sealed partial class FunctionCatalog
{
    private const BindingFlags OwnMethods =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private readonly List<HttpFunction> _http = [];
    private readonly List<TimerFunction> _timers = [];
    private readonly List<BlobFunction> _blobs = [];

    public IReadOnlyList<HttpFunction> Http => _http;

    public IReadOnlyList<TimerFunction> Timers => _timers;

    public IReadOnlyList<BlobFunction> Blobs => _blobs;

    /// <exception cref="FunctionsHostException">One line for each function that cannot be run.</exception>
    public static FunctionCatalog Find(IEnumerable<Type> classes, IConfiguration settings)
    {
        var catalog = new FunctionCatalog();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var problems = new List<string>();
        foreach (var method in classes.SelectMany(type => type.GetMethods(OwnMethods)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is not { Name: var name })
                continue;
            try
            {
                if (!names.Add(name))
                    throw new FunctionsHostException("Another function has the same name.");
                catalog.Add(name, method, settings);
            }
            catch (FunctionsHostException exception)
            {
                problems.Add($"Function {name} ({method.DeclaringType!.FullName}.{method.Name}): {exception.Message}");
            }
        }

        return problems.Count == 0 ? catalog : throw new FunctionsHostException(string.Join(Environment.NewLine, problems));
    }

    private void Add(string name, MethodInfo method, IConfiguration settings)
    {
        if (!LegalName().IsMatch(name))
            throw new FunctionsHostException("Its name must be up to 128 letters, digits, '-' and '_', a letter first.");
        if (!method.IsPublic || method.DeclaringType is { IsVisible: false })
            throw new FunctionsHostException("The method and its class must be public.");
        if (method.ContainsGenericParameters || method.IsAbstract)
            throw new FunctionsHostException("It must be neither generic nor abstract.");
        if (method.IsDefined(typeof(BindingAttribute)))
            throw new FunctionsHostException("The local host knows no output bindings.");

        var triggers = method.GetParameters().Where(parameter => parameter.IsDefined(typeof(TriggerBindingAttribute))).ToList();
        if (triggers is not [var trigger])
            throw new FunctionsHostException($"Exactly one parameter must carry a trigger, but {triggers.Count} do.");

        switch (trigger.GetCustomAttribute<TriggerBindingAttribute>())
        {
            case HttpTriggerAttribute http:
                AddHttp(new HttpFunction(name, method, trigger, http));
                break;
            case TimerTriggerAttribute timer:
                _timers.Add(new TimerFunction(name, method, trigger, timer, settings));
                break;
            case BlobTriggerAttribute blob:
                _blobs.Add(new BlobFunction(name, method, trigger, blob, settings));
                break;
            case var other:
                throw new FunctionsHostException($"The local host knows HTTP, timer and blob triggers, but not {other!.GetType().Name}.");
        }
    }

    private void AddHttp(HttpFunction function)
    {
        if (_http.Find(function.Overlaps) is { } other)
            throw new FunctionsHostException($"Its route '{function.Route.RawText}' and a method are those of function {other.Function.Name} too.");
        _http.Add(function);
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,127}$")]
    private static partial Regex LegalName();
}

using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Azure.WebJobs;
using Springest.LocalHost.Protocol;
using Springest.LocalHost.Workers;
using ExecutionContext = Microsoft.Azure.WebJobs.ExecutionContext;
using Strategy = Springest.LocalHost.Protocol.RpcRetryOptions.Types.RetryStrategy;

namespace Springest.LocalHost.Jobs;

/// <summary>
/// Makes the class that Microsoft's trigger packages look for: a public method for each function, with the trigger's attribute on its
/// parameter. It is called as the platform calls its own, so that locks, receipts and the address of Event Grid have the same names.
/// </summary>
internal static class TriggerMethods
{
    /// <summary>Makes the class <c>Host.Functions</c>, whose methods call a <see cref="JobInvoker"/>.</summary>
    public static Type Make(IEnumerable<WorkerFunction> functions, JobInvoker invoker)
    {
        var type = AssemblyBuilder.DefineDynamicAssembly(new("Host"), AssemblyBuilderAccess.Run).DefineDynamicModule("Host")
            .DefineType("Host.Functions", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var target = type.DefineField("Invoker", typeof(JobInvoker), FieldAttributes.Public | FieldAttributes.Static);
        foreach (var function in functions)
            switch (function.TriggerType)
            {
                case WorkerFunction.TimerTrigger:
                    Add(type, target, function, typeof(TimerInfo), nameof(JobInvoker.TimerAsync), Attribute<TimerTriggerAttribute>(
                        [function.Text("schedule")!],
                        (nameof(TimerTriggerAttribute.RunOnStartup), function.Flag("runOnStartup")),
                        (nameof(TimerTriggerAttribute.UseMonitor), function.Flag("useMonitor"))));
                    break;
                case WorkerFunction.BlobTrigger:
                    Add(type, target, function, typeof(ParameterBindingData), nameof(JobInvoker.BlobAsync), Attribute<BlobTriggerAttribute>(
                        [function.Text("path")!],
                        (nameof(BlobTriggerAttribute.Connection), function.Text("connection")),
                        (nameof(BlobTriggerAttribute.Source), Source(function))));
                    break;
            }

        var made = type.CreateType();
        made.GetField(target.Name)!.SetValue(null, invoker);
        return made;
    }

    /// <summary>How a blob function hears of blobs.</summary>
    public static BlobTriggerSource Source(WorkerFunction function)
        => Enum.TryParse<BlobTriggerSource>(function.Text("source"), ignoreCase: true, out var source) ? source : BlobTriggerSource.LogsAndContainerScan;

    private static void Add(TypeBuilder type, FieldBuilder target, WorkerFunction function, Type trigger, string call, CustomAttributeBuilder attribute)
    {
        Type[] parameters = [trigger, typeof(ExecutionContext), typeof(CancellationToken)];
        var method = type.DefineMethod(function.Name, MethodAttributes.Public | MethodAttributes.Static, typeof(Task), parameters);
        method.DefineParameter(1, ParameterAttributes.None, JobInvoker.TriggerParameter).SetCustomAttribute(attribute);
        method.DefineParameter(2, ParameterAttributes.None, "context");
        method.DefineParameter(3, ParameterAttributes.None, "cancellationToken");
        if (Retries(function.Metadata.RetryOptions) is { } retries)
            method.SetCustomAttribute(retries);
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldsfld, target);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldarg_2);
        code.Emit(OpCodes.Call, typeof(JobInvoker).GetMethod(call)!);
        code.Emit(OpCodes.Ret);
    }

    private static CustomAttributeBuilder? Retries(RpcRetryOptions? retries) => retries switch
    {
        null => null,
        { RetryStrategy: Strategy.FixedDelay } => Attribute<FixedDelayRetryAttribute>([retries.MaxRetryCount, $"{retries.DelayInterval.ToTimeSpan()}"]),
        _ => Attribute<ExponentialBackoffRetryAttribute>(
            [retries.MaxRetryCount, $"{retries.MinimumInterval.ToTimeSpan()}", $"{retries.MaximumInterval.ToTimeSpan()}"]),
    };

    private static CustomAttributeBuilder Attribute<T>(object[] arguments, params (string Name, object? Value)[] properties)
    {
        var set = properties.Where(property => property.Value is not null).ToList();
        return new(
            typeof(T).GetConstructor([.. arguments.Select(argument => argument.GetType())])!, arguments,
            [.. set.Select(property => typeof(T).GetProperty(property.Name)!)], [.. set.Select(property => property.Value)]);
    }
}

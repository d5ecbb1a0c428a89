using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Azure.WebJobs;
using Binder = Microsoft.Azure.WebJobs.Binder;
using ExecutionContext = Microsoft.Azure.WebJobs.ExecutionContext;

namespace Springest.LocalHost.Jobs;

/// <summary>
/// Makes the class that Microsoft's trigger packages look for: a public method for each function, with the trigger's attribute on its
/// parameter. It is called as the platform calls its own, so that locks, receipts and the address of Event Grid have the same names.
/// </summary>
internal static class TriggerMethods
{
    public const string Parameter = "trigger";

    /// <summary>Makes the class <c>Host.Functions</c>, whose methods call a <see cref="JobInvoker"/>.</summary>
    public static Type Make(IEnumerable<WorkerFunction> functions, JobInvoker invoker)
    {
        var type = AssemblyBuilder.DefineDynamicAssembly(new("Host"), AssemblyBuilderAccess.Run).DefineDynamicModule("Host")
            .DefineType("Host.Functions", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var target = type.DefineField("Invoker", typeof(JobInvoker), FieldAttributes.Public | FieldAttributes.Static);
        foreach (var function in functions)
            if (function.Type is WorkerFunction.TimerTrigger)
                Add<TimerInfo>(type, target, function.Name, nameof(JobInvoker.TimerAsync), Attribute<TimerTriggerAttribute>(
                    function.Text("schedule"),
                    ("RunOnStartup", (bool?)function.Trigger["runOnStartup"]), ("UseMonitor", (bool?)function.Trigger["useMonitor"])));
            else if (function.Type is WorkerFunction.BlobTrigger)
                Add<ParameterBindingData>(type, target, function.Name, nameof(JobInvoker.BlobAsync), Attribute<BlobTriggerAttribute>(
                    function.Text("path"), ("Connection", function.Text("connection")),
                    ("Source", HearsByEventGrid(function) ? BlobTriggerSource.EventGrid : null)));
        var made = type.CreateType();
        made.GetField(target.Name)!.SetValue(null, invoker);
        return made;
    }

    public static bool HearsByEventGrid(WorkerFunction function)
        => function.Type is WorkerFunction.BlobTrigger && function.Text("source") is nameof(BlobTriggerSource.EventGrid);

    private static void Add<TTrigger>(TypeBuilder type, FieldBuilder target, string name, string call, CustomAttributeBuilder attribute)
    {
        Type[] parameters = [typeof(TTrigger), typeof(ExecutionContext), typeof(Binder), typeof(CancellationToken)];
        var method = type.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Static, typeof(Task), parameters);
        method.DefineParameter(1, ParameterAttributes.None, Parameter).SetCustomAttribute(attribute);
        method.DefineParameter(2, ParameterAttributes.None, "context");
        method.DefineParameter(3, ParameterAttributes.None, "binder");
        method.DefineParameter(4, ParameterAttributes.None, "cancellationToken");
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldsfld, target);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldarg_2);
        code.Emit(OpCodes.Ldarg_3);
        code.Emit(OpCodes.Call, typeof(JobInvoker).GetMethod(call)!);
        code.Emit(OpCodes.Ret);
    }

    private static CustomAttributeBuilder Attribute<T>(string? argument, params (string Name, object? Value)[] properties)
    {
        var set = properties.Where(property => property.Value is not null).ToList();
        return new(
            typeof(T).GetConstructor([typeof(string)])!, [argument],
            [.. set.Select(property => typeof(T).GetProperty(property.Name)!)], [.. set.Select(property => property.Value)]);
    }
}

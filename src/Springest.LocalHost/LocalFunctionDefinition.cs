using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Springest.LocalHost;

/// <summary>What the platform knows of a function before it runs.</summary>
internal sealed class LocalFunctionDefinition(string name, MethodInfo method, string triggerType) : FunctionDefinition
{
    public override ImmutableArray<FunctionParameter> Parameters { get; }
        = [.. method.GetParameters().Select(parameter => new FunctionParameter(parameter.Name!, parameter.ParameterType))];

    public override string PathToAssembly { get; } = method.Module.Assembly.Location;

    public override string EntryPoint { get; } = $"{method.DeclaringType!.FullName}.{method.Name}";

    public override string Id => Name;

    public override string Name { get; } = name;

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; }
        = ImmutableDictionary<string, BindingMetadata>.Empty.Add(triggerType, new TriggerMetadata(triggerType));

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; } = ImmutableDictionary<string, BindingMetadata>.Empty;

    private sealed class TriggerMetadata(string type) : BindingMetadata
    {
        public override string Name => Type;

        public override string Type { get; } = type;

        public override BindingDirection Direction => BindingDirection.In;
    }
}

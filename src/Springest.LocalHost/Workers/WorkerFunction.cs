using System.Text.Json;
using Springest.LocalHost.Protocol;

namespace Springest.LocalHost.Workers;

/// <summary>A function as the worker tells of it.</summary>
internal sealed class WorkerFunction
{
    /// <summary>The triggers that the host runs.</summary>
    public const string HttpTrigger = "httpTrigger";

    /// <inheritdoc cref="HttpTrigger"/>
    public const string TimerTrigger = "timerTrigger";

    /// <inheritdoc cref="HttpTrigger"/>
    public const string BlobTrigger = "blobTrigger";

    private readonly JsonElement _trigger;

    private WorkerFunction(RpcFunctionMetadata metadata, JsonElement trigger) => (Metadata, _trigger) = (metadata, trigger);

    /// <summary>As it came.</summary>
    public RpcFunctionMetadata Metadata { get; }

    /// <summary>The name in <c>[Function]</c>.</summary>
    public string Name => Metadata.Name;

    /// <summary>One of the constants.</summary>
    public string TriggerType => Text("type")!;

    /// <summary>The parameter that the trigger gives a value.</summary>
    public string Parameter => Text("name")!;

    /// <summary>Functions of one group share their instances on Flex Consumption.</summary>
    public string ScaleGroup => TriggerType is TimerTrigger ? Name : TriggerType;

    /// <summary>Reads what the worker tells.</summary>
    /// <exception cref="HostException">The host could not run this function.</exception>
    public static WorkerFunction Read(RpcFunctionMetadata metadata)
    {
        try
        {
            var bindings = metadata.RawBindings.Select(binding => JsonDocument.Parse(binding).RootElement);
            var trigger = bindings.FirstOrDefault(binding => Type(binding).EndsWith("Trigger", StringComparison.OrdinalIgnoreCase));
            if (trigger.ValueKind is JsonValueKind.Undefined)
                throw new HostException($"Function {metadata.Name} has no trigger.");
            return Type(trigger) is HttpTrigger or TimerTrigger or BlobTrigger
                ? new(metadata, trigger)
                : throw new HostException(
                    $"Function {metadata.Name} has the trigger {Type(trigger)}; the local host runs {HttpTrigger}, {TimerTrigger} and {BlobTrigger}.");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new HostException($"The worker describes function {metadata.Name} by bindings that are not what they should be. {exception.Message}", exception);
        }

        static string Type(JsonElement binding) => binding.GetProperty("type").GetString() ?? "";
    }

    /// <summary>A text that the trigger says; null if it does not.</summary>
    public string? Text(string property) => _trigger.TryGetProperty(property, out var value) ? value.GetString() : null;

    /// <summary>A truth value that the trigger says; null if it does not.</summary>
    public bool? Flag(string property) => _trigger.TryGetProperty(property, out var value) ? value.GetBoolean() : null;

    /// <summary>A list that the trigger says; empty if it does not.</summary>
    public string[] Texts(string property)
        => _trigger.TryGetProperty(property, out var values) && values.ValueKind is JsonValueKind.Array
            ? [.. values.EnumerateArray().Select(value => value.GetString()!)]
            : [];
}

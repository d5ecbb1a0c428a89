using System.Text.Json;
using System.Text.Json.Nodes;

namespace Springest.LocalHost.Workers;

/// <summary>A function as the worker tells of it.</summary>
internal sealed record WorkerFunction(RpcFunctionMetadata Metadata, JsonNode Trigger)
{
    public const string HttpTrigger = "httpTrigger";
    public const string TimerTrigger = "timerTrigger";
    public const string BlobTrigger = "blobTrigger";

    public string Name => Metadata.Name;
    public string Type => Text("type")!;

    /// <summary>Functions of one group share their instances on Flex Consumption.</summary>
    public string ScaleGroup => Type is TimerTrigger ? Name : Type;

    public static WorkerFunction Read(RpcFunctionMetadata metadata)
    {
        try
        {
            var trigger = metadata.RawBindings.Select(binding => JsonNode.Parse(binding)!)
                .FirstOrDefault(binding => $"{binding["type"]}".EndsWith("Trigger", StringComparison.OrdinalIgnoreCase))
                ?? throw new HostException($"Function {metadata.Name} has no trigger.");
            var function = new WorkerFunction(metadata, trigger);
            return function.Type is HttpTrigger or TimerTrigger or BlobTrigger ? function : throw new HostException(
                $"Function {metadata.Name} has the trigger {function.Type}; the local host runs HTTP, timer and blob triggers.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new HostException($"The worker describes function {metadata.Name} by wrong bindings. {exception.Message}", exception);
        }
    }

    /// <summary>What the trigger says; null if it does not.</summary>
    public string? Text(string property) => (string?)Trigger[property];
}

using System.Text.Json;
using Springest.Testing;

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>What the published worker says of its functions.</summary>
internal static class Metadata
{
    public static IReadOnlyList<(string Name, string Trigger, string? Route, string? Level, string[] Methods)> Functions { get; } =
    [
        .. Read()
            .EnumerateArray()
            .Select(function => (function, binding: Trigger(function)))
            .Select(each =>
                (
                    each.function.GetProperty("name").GetString()!,
                    each.binding.GetProperty("type").GetString()!,
                    Text(each.binding, "route"),
                    Text(each.binding, "authLevel"),
                    each.binding.TryGetProperty("methods", out var methods)
                        ? methods.EnumerateArray().Select(method => method.GetString()!.ToUpperInvariant()).ToArray()
                        : [])),
    ];

    private static JsonElement Read()
        => JsonDocument.Parse(File.ReadAllText(Path.Combine(AppProcess.Worker, "functions.metadata"))).RootElement;

    private static JsonElement Trigger(JsonElement function)
        => function
            .GetProperty("bindings")
            .EnumerateArray()
            .Single(binding => binding.GetProperty("type").GetString()!.EndsWith("Trigger", StringComparison.Ordinal));

    private static string? Text(JsonElement binding, string name)
        => binding.TryGetProperty(name, out var value) ? value.GetString() : null;
}

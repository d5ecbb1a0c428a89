using System.Text.Json;
using System.Text.Json.Nodes;
using Springest.Testing;

namespace Springest.Tools.Webhook;

/// <summary>The app's settings file, as far as it concerns webhooks. Without one, the command line must say what is needed.</summary>
internal sealed class AppSettings(JsonObject values)
{
    private const string Sites = "Springest__Sites__";

    /// <summary>The site, if there is just one.</summary>
    public string? Site
        => values.Where(value => value.Key.StartsWith(Sites, StringComparison.OrdinalIgnoreCase))
            .Select(value => value.Key[Sites.Length..].Split("__")[0]).Distinct().ToList() is [var single] ? single : null;

    public string? Value(string name)
        => values.TryGetPropertyValue(name, out var value) && value?.ToString() is { Length: > 0 } text ? text : null;

    public static AppSettings Read(string? file)
    {
        var path = file ?? Repository.PathOf("local.settings.json");
        if (file is null && !File.Exists(path))
            return new AppSettings([]);
        try
        {
            var json = JsonNode.Parse(
                File.ReadAllText(path),
                documentOptions: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return new AppSettings(
                json?["Values"] as JsonObject
                    ?? throw new UserErrorException($"{path} has no \"Values\". Compare it with local.settings.sample.json."));
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new UserErrorException($"The settings {path} cannot be read. {exception.Message}");
        }
    }
}

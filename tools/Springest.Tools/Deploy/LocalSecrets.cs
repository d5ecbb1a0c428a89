using System.Text.Json;

namespace Springest.Tools.Deploy;

/// <summary>The keys in a person's own settings, so that they can be looked for where they must not be.</summary>
internal static class LocalSecrets
{
    // Shorter ones stand in any program by chance.
    private const int LeastLength = 8;

    public static IReadOnlyList<string> Read(string file)
    {
        if (!File.Exists(file))
            return [];
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        using var settings = JsonDocument.Parse(File.ReadAllText(file), options);
        return !settings.RootElement.TryGetProperty("Values", out var values)
            ? []
            :
            [
                .. values
                    .EnumerateObject()
                    .Where(setting =>
                        setting.Name.EndsWith("Key", StringComparison.OrdinalIgnoreCase)
                        || setting.Name.EndsWith("Secret", StringComparison.OrdinalIgnoreCase))
                    .Select(setting => setting.Value.ToString())
                    .Where(value => value.Length >= LeastLength),
            ];
    }
}

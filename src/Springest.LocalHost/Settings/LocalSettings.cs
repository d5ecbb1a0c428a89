using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Springest.LocalHost.Settings;

/// <summary>Reads a local.settings.json: <c>{ "IsEncrypted": false, "Values": { "Name": "value" } }</c>.</summary>
public static class LocalSettings
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Adds the file's values. A double underscore in a name stands for a colon.</summary>
    /// <exception cref="HostException">The file cannot be read, or is not what it should be.</exception>
    public static IConfigurationBuilder AddLocalSettings(this IConfigurationBuilder builder, string file)
        => builder.AddInMemoryCollection(Read(file));

    /// <summary>Reads the file's values, by names with colons.</summary>
    /// <exception cref="HostException">The file cannot be read, or is not what it should be.</exception>
    public static IReadOnlyDictionary<string, string?> Read(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(file), Lenient);
            return Values(json.RootElement, file);
        }
        catch (JsonException exception)
        {
            var reason = exception.Message.Split(" LineNumber:")[0];
            throw new HostException($"{file}, line {exception.LineNumber + 1}: {reason}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"The settings cannot be read. {exception.Message}", exception);
        }
    }

    private static Dictionary<string, string?> Values(JsonElement root, string file)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("Values", out var values)
            || values.ValueKind != JsonValueKind.Object)
            throw new HostException($$"""{{file}} must look like { "IsEncrypted": false, "Values": { "Name": "value" } }.""");
        if (root.TryGetProperty("IsEncrypted", out var encrypted) && encrypted.ValueKind == JsonValueKind.True)
            throw new HostException($"{file} is encrypted. Only plain files can be read; set IsEncrypted to false.");

        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var value in values.EnumerateObject())
            settings[value.Name.Replace("__", ":", StringComparison.Ordinal)] = value.Value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.Object or JsonValueKind.Array
                    => throw new HostException($"{file}: the value of {value.Name} must be a text, a number, true or false."),
                _ => value.Value.ToString(),
            };
        return settings;
    }
}

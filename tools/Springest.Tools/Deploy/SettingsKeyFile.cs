using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Springest.Tools.Deploy;

/// <summary>A settings file of an app on this machine.</summary>
internal sealed class SettingsKeyFile(string path) : IAccessKeyFile
{
    private const string Setting = Run.RunKeys.Setting;

    // As people write them: quotes and signs as they are.
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public Task<string> ReadAsync() => Task.FromResult(AppSettings.Read(path)["Springest:Access:Keys"] ?? "");

    public async Task WriteAsync(string keys)
    {
        JsonNode json;
        try
        {
            json = JsonNode.Parse(await File.ReadAllTextAsync(path), documentOptions: new() { AllowTrailingCommas = true })!;
        }
        catch (JsonException)
        {
            // Not what it was to be either: the hash of a key that nobody has seen is of no use.
            throw new UserErrorException($"{path} has comments, which would be lost, so nothing is changed. Remove them, and try again.");
        }

        json["Values"]![Setting] = keys;
        try
        {
            await File.WriteAllTextAsync(path, json.ToJsonString(s_json) + "\n");
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new UserErrorException($"{path} cannot be written. {exception.Message}");
        }
    }
}

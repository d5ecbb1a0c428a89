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
            throw new UserErrorException($"{path} has comments, which would be lost. Set {Setting} there yourself, to:\n{keys}");
        }

        json["Values"]![Setting] = keys;
        await File.WriteAllTextAsync(path, json.ToJsonString(s_json) + "\n");
    }
}

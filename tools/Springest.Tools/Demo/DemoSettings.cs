using Springest.Functions.Access;
using Springest.Functions.Catalogue.Resources;

namespace Springest.Tools.Demo;

/// <summary>The settings that both instances get, as environment variables.</summary>
internal static class DemoSettings
{
    public const string Site = "nl";
    public const string Container = "certificates";

    public static Dictionary<string, string> Make(string storage, Uri api, DemoKeys keys)
    {
        var settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = storage,
            ["LocalHost__FunctionKey"] = keys.Function,
            ["Springest__Access__Keys"] = AccessKey.Format([keys.Operator.Key, keys.Viewer.Key]),
            [$"Springest__Sites__{Site}__Host"] = api.ToString(),
            [$"Springest__Sites__{Site}__ApiKey"] = keys.Api,
            [$"Springest__Sites__{Site}__CertificationsApiKey"] = keys.Certifications,
            // Short beats, so that nobody has to wait for a timer.
            ["Springest__Mirror__LeaseDuration"] = "00:00:30",
            ["Springest__Webhooks__Schedule"] = "*/2 * * * * *",
            ["Springest__Certificates__Container"] = Container,
            ["Springest__Certificates__SweepSchedule"] = "*/2 * * * * *",
            ["Springest__Certificates__ReadBackSchedule"] = "*/10 * * * * *",
            ["Springest__Certificates__ExportSchedule"] = "0 15 2 * * *",
            ["Springest__Privacy__Schedule"] = "0 */10 * * * *",
            ["Springest__Certificates__MetadataWait"] = "00:00:01",
        };
        foreach (var resource in MirroredResources.All)
            settings.Add($"Springest__Mirror__{resource.Name}__Schedule", "*/2 * * * * *");
        return settings;
    }
}

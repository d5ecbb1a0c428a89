namespace Springest.Demo;

/// <summary>The settings that both instances get, as environment variables.</summary>
internal static class DemoSettings
{
    public const string Site = "nl";
    public const string Container = "certificates";

    public static Dictionary<string, string> Make(string storage, Uri api, DemoKeys keys) => new()
    {
        ["AzureWebJobsStorage"] = storage,
        ["LocalHost__FunctionKey"] = keys.Function,
        ["LocalHost__MasterKey"] = keys.Master,
        [$"Springest__Sites__{Site}__Host"] = api.ToString(),
        [$"Springest__Sites__{Site}__ApiKey"] = keys.Api,
        [$"Springest__Sites__{Site}__CertificationsApiKey"] = keys.Certifications,
        // Short beats, so that nobody has to wait for a timer.
        ["Springest__Mirror__Trainings__Schedule"] = "*/2 * * * * *",
        ["Springest__Mirror__Institutes__Schedule"] = "*/2 * * * * *",
        ["Springest__Mirror__Categories__Schedule"] = "*/2 * * * * *",
        ["Springest__Mirror__Subjects__Schedule"] = "*/2 * * * * *",
        ["Springest__Mirror__Reviews__Schedule"] = "*/2 * * * * *",
        ["Springest__Mirror__Certifications__Schedule"] = "*/2 * * * * *",
        ["Springest__Mirror__LockDuration"] = "00:00:10",
        ["Springest__Webhooks__Schedule"] = "*/2 * * * * *",
        ["Springest__Certificates__Container"] = Container,
        ["Springest__Certificates__SweepSchedule"] = "*/2 * * * * *",
        ["Springest__Certificates__ReadBackSchedule"] = "*/10 * * * * *",
        ["Springest__Certificates__MetadataWait"] = "00:00:03",
    };
}

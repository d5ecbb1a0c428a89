using System.Reflection;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Storage;
using Springest.Functions.Webhooks;
using Springest.Simulator;

namespace Springest.Testing.Catalogue;

/// <summary>The app as a process that mirrors trainings and does nothing else.</summary>
internal static class MirrorProcess
{
    /// <summary>Opens its functions.</summary>
    public const string FunctionKey = "function-key";

    private const string Never = "0 0 0 1 1 *";

    public static Task<AppProcess> StartAsync(
        string storage,
        string prefix,
        SimulatorServer simulator,
        Dictionary<string, string>? settings = null,
        CancellationToken cancellationToken = default)
    {
        var all = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = storage,
            ["LocalHost__FunctionKey"] = FunctionKey,
            ["Springest__Sites__nl__Host"] = simulator.Address.ToString(),
            ["Springest__Sites__nl__ApiKey"] = "simulator-key",
            ["Springest__Storage__Prefix"] = prefix,
            // Out of the way.
            ["Springest__Quota__Limit"] = "60000",
            ["Springest__Certificates__Container"] = $"{prefix}-certificates",
        };
        foreach (var schedule in Schedules())
            all[schedule.Replace(":", "__", StringComparison.Ordinal)] = Never;
        all["Springest__Mirror__Trainings__Schedule"] = "* * * * * *";
        foreach (var (name, value) in settings ?? [])
            all[name] = value;
        return AppProcess.StartAsync(
            all,
            Path.Combine(Path.GetTempPath(), $"{prefix}-{Guid.NewGuid():N}.log"),
            cancellationToken: cancellationToken);
    }

    /// <summary>The same, with nothing read but what webhooks name, on their default schedule.</summary>
    public static Task<AppProcess> StartForWebhooksAsync(
        Azurite azurite, string prefix, SimulatorServer simulator, Dictionary<string, string> settings, CancellationToken cancellationToken)
        => StartAsync(
            azurite.ConnectionString,
            prefix,
            simulator,
            new(settings)
            {
                ["Springest__Mirror__Trainings__Schedule"] = Never,
                ["Springest__Webhooks__Schedule"] = new WebhookOptions().Schedule,
            },
            cancellationToken);

    /// <summary>The settings that timers name.</summary>
    public static IEnumerable<string> Schedules()
        => typeof(MirrorOptions).Assembly.GetTypes().SelectMany(type => type.GetMethods()).SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.GetCustomAttribute<TimerTriggerAttribute>()?.Schedule.Trim('%')).OfType<string>();

    public static AppStorage Storage(string storage, string prefix)
        => new(new TableServiceClient(storage), new BlobServiceClient(storage), Options.Create(new StorageOptions { Prefix = prefix }));

    /// <summary>How the trainings stand; null before the first run.</summary>
    public static async Task<ResourceStatus?> StatusAsync(AppStorage storage, CancellationToken cancellationToken)
        => await new CatalogueStatus(storage)
            .ReadAsync(cancellationToken)
            .FirstOrDefaultAsync(status => status.Resource is nameof(Trainings), cancellationToken);
}

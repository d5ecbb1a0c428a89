using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Springest.Functions.Quota;
using Springest.Functions.Status;
using Springest.Functions.Telemetry;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;
using Springest.Testing.Catalogue;
using Springest.Testing.Kusto;
using Springest.Testing.Telemetry;

namespace Springest.Functions.Tests.Telemetry;

/// <summary>An app whose telemetry goes where it goes in Azure, and the alerts that watch it.</summary>
internal sealed partial class WatchedApp : IAsyncDisposable
{
    // The worker's, which is not in this process.
    private static readonly ActivitySource Worker = new("Microsoft.Azure.Functions.Worker");

    private readonly TelemetryReceiver _receiver;

    private WatchedApp(TestApp app, TelemetryReceiver receiver, ShiftedClock clock) => (App, _receiver, Clock) = (app, receiver, clock);

    public TestApp App { get; }

    public ShiftedClock Clock { get; }

    /// <summary>Every query of an alert by its name.</summary>
    public static IReadOnlyDictionary<string, string> Alerts { get; } =
        Directory
            .GetFiles(Path.Combine(Repository.Root, "infra", "alerts"), "*.kql")
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);

    public static async Task<WatchedApp> StartAsync(AzuriteFixture azurite, Dictionary<string, string?>? settings = null)
    {
        var receiver = await TelemetryReceiver.StartAsync();
        var clock = new ShiftedClock();
        var all = new Dictionary<string, string?>(settings ?? [])
        {
            ["Springest:Telemetry:ConnectionString"] = receiver.ConnectionString,
            ["Springest:Certificates:MetadataWait"] = "00:00:00",
            ["Springest:Certificates:RetryDelay"] = "00:00:00",
        };
        var app = await TestApp.StartAsync(
            azurite.Azurite,
            settings: all,
            services: services => services.AddSingleton<TimeProvider>(clock)
                .AddTelemetry(new ConfigurationBuilder().AddInMemoryCollection(all).Build()));
        return new(app, receiver, clock);
    }

    /// <summary>
    /// Runs something as the worker runs a function: in a span that tells its name and whether it failed, the failure logged and noted.
    /// </summary>
    /// <returns>The failure, if it failed.</returns>
    public async Task<Exception?> RunAsync(string function, Func<Task> work)
    {
        using var span = Worker.StartActivity(
            $"function {function}",
            ActivityKind.Internal,
            parentContext: default,
            [new("faas.name", function)]);
        try
        {
            await work();
            await App.Get<FunctionFailures>().SucceededAsync(function);
            return null;
        }
        catch (Exception exception)
        {
            span!.SetStatus(ActivityStatusCode.Error, exception.Message);
            Log.InvocationError(
                App.Get<ILoggerFactory>().CreateLogger("Microsoft.Azure.Functions.Worker.FunctionsApplication"),
                exception,
                function,
                span.Id);
            await App.Get<FunctionFailures>().FailedAsync(function, exception);
            return exception;
        }
    }

    /// <summary>Runs a timer function.</summary>
    public async Task FireAsync(string function) => Assert.Null(await RunAsync(function, () => App.FireAsync(function)));

    /// <summary>Runs a timer function that has to fail.</summary>
    public async Task FireAndFailAsync(string function) => Assert.NotNull(await RunAsync(function, () => App.FireAsync(function)));

    /// <summary>Makes the shared counters unreadable, those of both keys.</summary>
    public async Task DamageQuotaAsync()
    {
        var quota = App.Storage.Table(QuotaStorage.Counters);
        await foreach (var row in quota.QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken))
        {
            var damaged = new TableEntity(row.PartitionKey, row.RowKey) { ["Ring"] = "no ring" };
            await quota.UpdateEntityAsync(damaged, ETag.All, TableUpdateMode.Replace, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Measures, as the app does once a minute.</summary>
    public async Task MeasureAsync()
    {
        await App.FireAsync("Measure");
        Export();
    }

    /// <summary>The tables that the telemetry is in.</summary>
    public IReadOnlyDictionary<string, KqlTable> Read()
    {
        Export();
        return Workspace.Read(_receiver.Items);
    }

    /// <summary>The alerts that are raised, each with its rows.</summary>
    /// <param name="after">How much later one looks.</param>
    public IReadOnlyDictionary<string, string> Raised(TimeSpan after = default)
    {
        var tables = Read();
        return Alerts.Select(alert => (alert.Key, Found: KqlQuery.Run(alert.Value, tables, TimeProvider.System.GetUtcNow() + after)))
            .Where(alert => alert.Found.Rows.Count > 0).ToDictionary(alert => alert.Key, alert => alert.Found.ToString());
    }

    /// <summary>What the alert that calls somebody found; it and the daily summary of the same are the only ones that did.</summary>
    public string Called()
    {
        var raised = Raised();
        Assert.Equal(["daily-summary", "needs-a-person"], raised.Keys.Order());
        return raised["needs-a-person"];
    }

    /// <summary>What is daily work, and calls nobody.</summary>
    public string Summed()
    {
        var raised = Raised();
        Assert.Equal(["daily-summary"], raised.Keys);
        return raised["daily-summary"];
    }

    /// <summary>Lets Springest work again, and a timer fire, and measures.</summary>
    public async Task AfterFaultsAsync(string function)
    {
        App.Simulator.Behaviour.Faults.Clear();
        await FireAsync(function);
        await MeasureAsync();
    }

    /// <summary>Drops a file that says all there is to say of a certificate.</summary>
    public Task DropCertificateAsync()
        => App.DropAsync(
            $"{App.Simulator.Catalogue.Certifications.Ids[0]}_jo@example.org_2026-01-31_2028-01-31.pdf", SamplePdf.Create("A certificate"));

    /// <summary>Has a command carried out.</summary>
    public async Task ManageAsync(string command)
    {
        var answer = await App.ManageAsync(command);
        Assert.True((int)answer < 300, $"{command}: {answer}");
    }

    /// <summary>An entry of what waits for a person.</summary>
    public async Task<JsonNode> FindAsync(string kind)
    {
        var todo = JsonNode.Parse(
            await App.Http.GetStringAsync(new Uri("todo?now=true", UriKind.Relative), TestContext.Current.CancellationToken))!;
        return todo["attention"]!.AsArray().First(each => each!["kind"]!.GetValue<string>() == kind)!;
    }

    /// <summary>Carries out a command of the runbook's entry of a kind, as it is written there.</summary>
    /// <param name="verb">Its last part.</param>
    public async Task OrderAsync(string kind, string verb)
    {
        var page = await File.ReadAllTextAsync(Repository.PathOf("docs/operate.md"), TestContext.Current.CancellationToken);
        var entry = page.Split($"### {kind}\n")[1].Split("\n#")[0];
        var commands = Command().Matches(entry).Select(command => command.Groups["path"].Value).ToList();
        // Those that differ by their last part only are given by that: `.../discard`.
        var command = commands.Find(each => each.Split('?')[0].EndsWith($"/{verb}", StringComparison.Ordinal))
            ?? (entry.Contains($"`.../{verb}`", StringComparison.Ordinal) ? $"{Path.GetDirectoryName(commands[0])}/{verb}" : null);
        Assert.NotNull(command);
        var key = (await FindAsync(kind))["key"]?.GetValue<string>();
        await ManageAsync(command
            .Replace("KEY", key, StringComparison.Ordinal)
            .Replace("deliveries/ID", $"deliveries/{key}", StringComparison.Ordinal)
            .Replace("ID-OF-THE-CERTIFICATE", "909001", StringComparison.Ordinal));
    }

    /// <summary>How many bytes of telemetry were sent until now.</summary>
    public long Sent()
    {
        Export();
        return _receiver.Items.Sum(item => (long)Encoding.UTF8.GetByteCount(item.ToJsonString()));
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    private void Export()
    {
        Assert.True(App.Get<MeterProvider>().ForceFlush(), "The metrics were not exported.");
        Assert.True(App.Get<TracerProvider>().ForceFlush(), "The spans were not exported.");
        Assert.True(App.Get<LoggerProvider>().ForceFlush(), "The logs were not exported.");
    }

    [GeneratedRegex("`(?<path>(certificates|catalogue|webhooks|quota)/nl/[^`]+)`")]
    private static partial Regex Command();

    private static partial class Log
    {
        [LoggerMessage(
            2,
            LogLevel.Error,
            "Function '{functionName}', Invocation id '{invocationId}': An exception was thrown by the invocation."
        )]
        public static partial void InvocationError(ILogger logger, Exception exception, string functionName, string? invocationId);
    }
}

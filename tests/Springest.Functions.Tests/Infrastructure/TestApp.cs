using System.Net;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Springest.Functions.Access;
using Springest.Functions.Storage;
using Springest.Simulator;
using Springest.Testing;

namespace Springest.Functions.Tests.Infrastructure;

/// <summary>
/// The whole app in this process, with its own corner of the storage, against a simulator. Timers and blob triggers fire when a test
/// says so.
/// </summary>
internal sealed class TestApp : IAsyncDisposable
{
    public const string Site = "nl";
    public const string ApiKey = "canary-key-general-4f1c";
    public const string CertificationsApiKey = "canary-key-certifications-9a2e";
    public const string FunctionKey = "canary-function-key-77b0";
    public const string ReaderKey = "canary-reader-key-1b9d";
    public const string ViewerKey = "canary-viewer-key-5e02";
    public const string OperatorKey = "canary-operator-key-c3d8";

    private readonly InProcessApp _app;
    private readonly Dictionary<string, string?> _settings;
    private readonly bool _ownsSimulator;

    private TestApp(
        InProcessApp app,
        SimulatorServer simulator,
        Dictionary<string, string?> settings,
        CapturedLogs logs,
        bool ownsSimulator)
    {
        (_app, Simulator, Logs, _settings, _ownsSimulator) = (app, simulator, logs, settings, ownsSimulator);
        Http = new HttpClient
        {
            BaseAddress = new Uri(app.Address, "api/"),
            DefaultRequestHeaders = { { "x-functions-key", FunctionKey }, { AccessKey.Header, ViewerKey } },
            Timeout = TimeSpan.FromMinutes(10),
        };
    }

    public Uri Address => _app.Address;

    public SimulatorServer Simulator { get; }

    public CapturedLogs Logs { get; }

    public IReadOnlyDictionary<string, string?> Settings => _settings;

    /// <summary>For calls below <c>/api/</c>, with the function key and the viewer's.</summary>
    public HttpClient Http { get; }

    public AppStorage Storage => Get<AppStorage>();

    public BlobContainerClient Drop => Get<BlobServiceClient>().GetBlobContainerClient(_settings["Springest:Certificates:Container"]);

    /// <summary>Starts a simulator, unless one is given, and the app.</summary>
    public static async Task<TestApp> StartAsync(
        Azurite azurite,
        SimulatorOptions? simulated = null,
        SimulatorServer? simulator = null,
        Dictionary<string, string?>? settings = null,
        Action<IServiceCollection>? services = null,
        params Type[] more)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var prefix = $"t{Guid.NewGuid():N}"[..12];
        var own = simulator is null
            ? await SimulatorServer.StartAsync(
                (
                    simulated
                    ?? new SimulatorOptions
                    {
                        Trainings = 40,
                        Subjects = 12,
                        Certifications = 5,
                    }) with
                {
                    ApiKey = ApiKey,
                    CertificationsApiKey = CertificationsApiKey,
                },
                cancellation)
            : null;

        var all = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = azurite.ConnectionString,
            ["Springest:Storage:Prefix"] = prefix,
            ["Springest:Access:Keys"] = AccessKey.Format([
                AccessKey.Of("rita", AccessRole.Reader, ReaderKey),
                AccessKey.Of("vic", AccessRole.Viewer, ViewerKey),
                AccessKey.Of("olga", AccessRole.Operator, OperatorKey),
            ]),
            [$"Springest:Sites:{Site}:Host"] = (own ?? simulator)!.Address.ToString(),
            [$"Springest:Sites:{Site}:ApiKey"] = ApiKey,
            [$"Springest:Sites:{Site}:CertificationsApiKey"] = CertificationsApiKey,
            // On a busy machine too, what a webhook says is applied before it is answered, and a run of a timer does all there is to do.
            ["Springest:Webhooks:InlineBudget"] = "00:00:30",
            ["Springest:Webhooks:TimerBudget"] = "00:04:00",
            ["Springest:Webhooks:StorageTimeout"] = "00:03:00",
            ["Springest:Mirror:LeaseDuration"] = "01:00:00",
            // Few tests read snapshots.
            ["Springest:Mirror:SnapshotsKept"] = "0",
            ["Springest:Quota:PassPatience"] = "00:05:00",
            ["Springest:Quota:WebhookPatience"] = "00:05:00",
            ["Springest:Quota:SubmissionPatience"] = "00:05:00",
            ["Springest:Certificates:Container"] = $"{prefix}certificates",
        };
        foreach (var (name, value) in settings ?? [])
            all[name] = value;
        return await StartInstanceAsync((own ?? simulator)!, all, services, ownsSimulator: own is not null, more: more);
    }

    /// <summary>One more instance of the app, on the same storage and simulator.</summary>
    /// <param name="settings">Beside those of this one.</param>
    /// <param name="services">Services that come before the app's own, such as a clock.</param>
    /// <param name="withStorage">False if it starts while storage is away.</param>
    public async Task<TestApp> AnotherInstanceAsync(
        Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null, bool withStorage = true)
    {
        var all = new Dictionary<string, string?>(_settings);
        foreach (var (name, value) in settings ?? [])
            all[name] = value;
        return await StartInstanceAsync(Simulator, all, services, ownsSimulator: false, withStorage);
    }

    public T Get<T>()
        where T : notnull
        => _app.Services.GetRequiredService<T>();

    /// <summary>Runs a timer function once and waits for its end; throws what it threw.</summary>
    public Task FireAsync(string function, CancellationToken? cancellation = null)
        => _app.FireAsync(function, cancellation ?? TestContext.Current.CancellationToken);

    /// <summary>Posts a command to an address below <c>api/manage/</c> as an operator.</summary>
    public async Task<HttpStatusCode> ManageAsync(string command)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"manage/{command}");
        request.Headers.Add(AccessKey.Header, OperatorKey);
        using var answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    /// <summary>Has the file submitted, as the event of its blob does.</summary>
    public Task TriggerAsync(string name)
        => _app.CallAsync("SubmitCertificate", Drop.GetBlobClient($"{Site}/{name}"), TestContext.Current.CancellationToken);

    /// <summary>Drops a file where the office worker would.</summary>
    public Task DropAsync(string name, byte[] content, Dictionary<string, string>? metadata = null)
        => Drop.GetBlobClient($"{Site}/{name}").UploadAsync(
            new BinaryData(content), new BlobUploadOptions { Metadata = metadata }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        if (_ownsSimulator)
            await Simulator.DisposeAsync();
    }

    private static async Task<TestApp> StartInstanceAsync(
        SimulatorServer simulator, Dictionary<string, string?> settings, Action<IServiceCollection>? services, bool ownsSimulator,
        bool withStorage = true, params Type[] more)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var logs = new CapturedLogs();
        var app = await InProcessApp.StartAsync(
            configuration, FunctionKey, services, logging => logging.AddProvider(logs).SetMinimumLevel(LogLevel.Trace), more: more);
        // The app does not wait long for its tables; a test does.
        if (withStorage)
            await app.Services.GetRequiredService<StorageSetup>().ExecuteTask!.WaitAsync(
                TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);

        return new TestApp(app, simulator, settings, logs, ownsSimulator);
    }
}

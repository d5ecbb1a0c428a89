using System.Net.Http.Headers;
using System.Text;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Springest.Simulator;
using Springest.Simulator.Recording;
using Springest.Testing;

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>A running app as the world sees it: its addresses, its storage, and the simulator that is its Springest.</summary>
/// <param name="name">For log files.</param>
/// <param name="simulator">Its Springest.</param>
/// <param name="keys">What opens it.</param>
/// <param name="storage">The connection string of its storage.</param>
/// <param name="prefix">Put before the names of tables and containers.</param>
/// <param name="container">The drop.</param>
/// <param name="settings">Those of its instances; null if others run it.</param>
public sealed class App(
    string name,
    SimulatorServer simulator,
    Keys keys,
    string storage,
    string prefix,
    string container,
    IReadOnlyDictionary<string, string>? settings) : IAsyncDisposable
{
    public const string Site = "nl";
    public const string ApiKey = "simulator-key";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromMinutes(3),
    };
    private readonly List<AppProcess> _instances = [];
    private readonly TableServiceClient _tables = new(storage);
    private readonly BlobServiceClient _blobs = new(storage);

    private readonly Lock _filling = new();
    private Task? _filled;
    private ApiContract? _contract;

    /// <summary>What a simulator holds where a test does not say.</summary>
    public static SimulatorOptions Simulated { get; } = new() { Trainings = 130, Subjects = 40, Certifications = 8, ApiKey = ApiKey };

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>When it was started, or found.</summary>
    public DateTimeOffset Started { get; } = TimeProvider.System.GetUtcNow();

    public Keys Keys => keys;

    public string Storage => storage;

    public SimulatorServer Simulator => simulator;

    public BlobContainerClient Drop => _blobs.GetBlobContainerClient(container);

    public BlobContainerClient Accepted => _blobs.GetBlobContainerClient(container + "-accepted");

    public BlobContainerClient Rejected => _blobs.GetBlobContainerClient(container + "-rejected");

    /// <summary>What the platform keeps for itself: locks, schedules.</summary>
    public BlobContainerClient HostContainer => _blobs.GetBlobContainerClient("azure-webjobs-hosts");

    /// <summary>What the platform calls this app there; empty if that is not known.</summary>
    public string HostId => settings?["AzureFunctionsWebHost__hostid"] ?? "";

    public TableClient Table(string table) => _tables.GetTableClient(prefix + table);

    public BlobContainerClient Container(string named) => _blobs.GetBlobContainerClient(prefix + named);

    /// <summary>Messages as the platform writes them.</summary>
    public QueueClient Queue(string queue) => new(storage, queue, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    /// <summary>One more instance; the first is the one that is asked.</summary>
    public async Task<AppProcess> StartInstanceAsync()
    {
        var log = Path.Combine(
            Directory.CreateDirectory(Repository.PathOf("artifacts/test-results/end-to-end")).FullName,
            $"{name}-{_instances.Count + 1}.log");
        var instance = await AppProcess.StartAsync(settings!, log, cancellationToken: TestContext.Current.CancellationToken);
        _instances.Add(instance);
        if (_instances.Count(each => !each.HasExited) == 1)
            Address = instance.Address;
        return instance;
    }

    /// <summary>The instances, dead ones too, in the order of their start.</summary>
    public IReadOnlyList<AppProcess> Instances => _instances;

    public void PointTo(Uri address) => Address = address;

    /// <summary>
    /// Waits until the app says that it is well: its tables are there. All answers after that must be as it describes them.
    /// </summary>
    public async Task IsWellAsync()
    {
        await Eventually.BeAsync("the app is well", async () => (int)(await SendAsync("GET", "api/health")).Status == 200);
        _contract = await ApiContract.ReadAsync(this);
    }

    /// <summary>Has the mirror filled, once.</summary>
    public Task FilledAsync()
    {
        lock (_filling)
            return _filled ??= Mirror.FillAsync(this);
    }

    /// <summary>Sends a request below the app's address.</summary>
    /// <param name="method">Such as GET.</param>
    /// <param name="path">Without the first slash; with its query.</param>
    /// <param name="key">In the header; null for none.</param>
    /// <param name="content">The body.</param>
    /// <param name="headers">More headers.</param>
    /// <param name="instance">Whom to ask; null for the first.</param>
    public async Task<Answer> SendAsync(
        string method,
        string path,
        string? key = null,
        HttpContent? content = null,
        Action<HttpRequestHeaders>? headers = null,
        Uri? instance = null)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(method),
            new Uri($"{instance ?? Address}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Content = content;
        // One that is nobody's is tried in both places.
        if (key is not null && !keys.IsOfHost(key))
            request.Headers.Add("x-access-key", key);
        if (key is not null && key != keys.Reader && key != keys.Viewer && key != keys.Operator)
            request.Headers.Add("x-functions-key", key);
        headers?.Invoke(request.Headers);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await Answer.ReadAsync(response);
        _contract?.Check(method, path, answer);
        return answer;
    }

    /// <summary>Asks for something as a viewer.</summary>
    public Task<Answer> GetAsync(string path) => SendAsync("GET", path, keys.Viewer);

    /// <summary>Posts a webhook about trainings, with its length.</summary>
    public async Task<Answer> PostWebhookAsync(byte[] body, Action<HttpContentHeaders>? headers = null, Uri? instance = null)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        headers?.Invoke(content.Headers);
        return await SendAsync("POST", $"api/webhooks/{Site}/trainings", keys.Function, content, instance: instance);
    }

    /// <summary>Posts a webhook, again while it is told to come again, until it is taken: as Springest is asked to.</summary>
    public Task<Answer> TellAsync(byte[] body, Uri? instance = null) => TellAsync(() => PostWebhookAsync(body, instance: instance));

    /// <summary>Does something until the answer is not that it cannot be done now.</summary>
    public static async Task<Answer> TellAsync(Func<Task<Answer>> post)
    {
        var answer = await Eventually.SeeAsync(
            "an answer but 503",
            async () => await post() is var answer && (int)answer.Status != 503 ? answer : null);
        Assert.True((int)answer.Status == 200, $"{answer.Status} {answer.Body}");
        return answer;
    }

    /// <summary>Has a function run now.</summary>
    public async Task FireAsync(string function)
    {
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        var answer = await SendAsync("POST", $"admin/functions/{function}", keys.Master, content);
        Assert.Equal(202, (int)answer.Status);
    }

    /// <summary>Delivers an event as Event Grid does.</summary>
    public async Task<Answer> DeliverAsync(string events, string type = "Notification", string? key = null)
    {
        using var content = new StringContent(events, Encoding.UTF8, "application/json");
        return await SendAsync(
            "POST",
            $"runtime/webhooks/blobs?functionName=Host.Functions.SubmitCertificate&code={Uri.EscapeDataString(key ?? keys.System)}",
            content: content,
            headers: headers => headers.Add("aeg-event-type", type));
    }

    /// <summary>Waits until the queue of events is empty. Does nothing if the host is not ours: the name of its queue is unknown.</summary>
    public async Task AllEventsAreDealtWithAsync()
    {
        if (HostId.Length == 0)
            return;
        var events = Queue($"azure-webjobs-blobtrigger-{HostId}");
        await Eventually.BeAsync(
            "all events are dealt with",
            async () => (await events.GetPropertiesAsync(TestContext.Current.CancellationToken)).Value.ApproximateMessagesCount == 0);
    }

    /// <summary>Puts a file into the drop, and has it announced.</summary>
    /// <returns>Its name in the container.</returns>
    public async Task<string> DropAsync(string file, byte[] content)
    {
        var blob = await DropSilentlyAsync(file, content);
        Assert.InRange((int)(await DeliverAsync(BlobEvent.Created(Drop, blob))).Status, 200, 202);
        return blob;
    }

    /// <summary>Puts a file into the drop; nobody announces it, but where there is an Event Grid.</summary>
    public async Task<string> DropSilentlyAsync(string file, byte[] content)
    {
        var blob = $"{Site}/{file}";
        await Drop.GetBlobClient(blob).UploadAsync(new BinaryData(content), overwrite: true, TestContext.Current.CancellationToken);
        return blob;
    }

    /// <summary>What the simulator was asked about a training.</summary>
    public IEnumerable<RecordedRequest> LookUps(long training)
        => simulator
            .Requests.Snapshot()
            .Where(request =>
                request.Path.StartsWith($"/trainings/{training}.", StringComparison.Ordinal) || request.Path == $"/trainings/{training}");

    public async ValueTask DisposeAsync()
    {
        // The test has seen what it wanted to see: none has to come to a good end.
        foreach (var instance in _instances)
            instance.Kill();
        foreach (var instance in _instances)
            await instance.DisposeAsync();
        await simulator.DisposeAsync();
        _http.Dispose();
    }
}

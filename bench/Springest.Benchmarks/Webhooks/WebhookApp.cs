using System.Net;
using System.Text;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Springest.Functions.Storage;
using Springest.Functions.Webhooks;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Testing;
using Springest.Testing.Webhooks;

namespace Springest.Benchmarks.Webhooks;

/// <summary>One instance of the app with a simulator and its own corner of the storage, to which webhooks are posted.</summary>
internal sealed class WebhookApp : IAsyncDisposable
{
    private const string Key = "function-key";

    private readonly InProcessApp _app;
    private readonly HttpClient _http;

    private WebhookApp(InProcessApp app, SimulatorServer simulator)
    {
        (_app, Simulator) = (app, simulator);
        _http = new HttpClient { BaseAddress = new Uri(app.Address, "api/"), DefaultRequestHeaders = { { "x-functions-key", Key } } };
    }

    public SimulatorServer Simulator { get; }

    public AppStorage Storage => _app.Services.GetRequiredService<AppStorage>();

    public static async Task<WebhookApp> StartAsync(string storage, int trainings, CancellationToken cancellationToken)
    {
        var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { Trainings = trainings, Subjects = 1, Certifications = 1, ApiKey = "key" }, cancellationToken);
        simulator.Behaviour.RateLimit = new RateLimit { Limit = int.MaxValue };
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(Settings(storage, simulator))
            .Build();
        var app = await InProcessApp.StartAsync(
            configuration,
            Key,
            logging: logging => logging.SetMinimumLevel(LogLevel.Error));
        return new WebhookApp(app, simulator);
    }

    public static byte[] Update(params IEnumerable<long> ids)
        => Encoding.UTF8.GetBytes(
            WebhookBodies.Changes([.. ids.Select(id => WebhookBodies.Update(id))]));

    /// <summary>Posts a webhook, and returns the status of the answer.</summary>
    public async Task<HttpStatusCode> PostAsync(byte[] body, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        using var answer = await _http.PostAsync("webhooks/nl/trainings", content, cancellationToken);
        return answer.StatusCode;
    }

    /// <summary>Posts a webhook that must be taken.</summary>
    public async Task DeliverAsync(byte[] body, CancellationToken cancellationToken)
    {
        var status = await PostAsync(body, cancellationToken);
        if (status is not HttpStatusCode.OK)
            throw new InvalidOperationException($"The webhook was answered {(int)status}.");
    }

    /// <summary>Runs the timer until nothing is left in the inbox.</summary>
    public async Task ApplyAllAsync(CancellationToken cancellationToken)
    {
        while (
            await Storage
                .Table(WebhookStorage.Inbox)
                .QueryAsync<TableEntity>(maxPerPage: 1, cancellationToken: cancellationToken)
                .AnyAsync(cancellationToken))
            await _app.FireAsync("ApplyWebhooks", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        await Simulator.DisposeAsync();
    }

    private static Dictionary<string, string?> Settings(string storage, SimulatorServer simulator)
        => new()
        {
            ["AzureWebJobsStorage"] = storage,
            ["Springest:Storage:Prefix"] = $"w{Guid.NewGuid():N}"[..12],
            ["Springest:Sites:nl:Host"] = simulator.Address.ToString(),
            ["Springest:Sites:nl:ApiKey"] = "key",
            ["Springest:Quota:Limit"] = "60000",
            ["Springest:Certificates:Container"] = "certificates",
        };
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using Springest.Functions.Access;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Webhooks;
using Springest.Functions.Webhooks.Inbox;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Webhooks;

/// <summary>Posts webhooks to an app, and looks at what it keeps of them.</summary>
internal sealed class WebhookDriver(TestApp app)
{
    public Task<Answer> PostAsync(string json) => PostAsync(Encoding.UTF8.GetBytes(json));

    /// <summary>Posts to an address of its own.</summary>
    public Task<Answer> PostToAsync(string path, string json)
        => SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"));

    public Task<Answer> PostAsync(byte[] body, string contentType = "application/json; charset=utf-8", string? encoding = null)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        return SendAsync(HttpMethod.Post, $"webhooks/{TestApp.Site}/trainings", content);
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        // What is done to the app itself takes an operator.
        if (path.StartsWith("manage/", StringComparison.Ordinal))
            request.Headers.Add(AccessKey.Header, TestApp.OperatorKey);
        using var response = await app.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        if (response.StatusCode >= HttpStatusCode.InternalServerError)
            TestContext.Current.TestOutputHelper?.WriteLine(
                string.Join('\n', app.Logs.Lines.Where(line => line.StartsWith("Error", StringComparison.Ordinal))));
        return new Answer(
            response.StatusCode,
            response.Headers,
            response.Content.Headers.Allow,
            response.Content.Headers.ContentType?.MediaType,
            body);
    }

    public Task<List<TableEntity>> InboxAsync() => RowsAsync(WebhookStorage.Inbox);

    /// <summary>The keys of all objects in the inbox, those of bundles too.</summary>
    public async Task<List<string>> NamedAsync()
        => [
            .. (await InboxAsync())
                .SelectMany(row => row.GetString("Bundled")?.Split('\n').Select(line => line.Split(' ')[0]) ?? [row.RowKey])
                .Distinct()
                .Order(),
        ];

    public Task<List<TableEntity>> DeliveriesAsync() => RowsAsync(WebhookStorage.Deliveries);

    /// <summary>All bodies that are kept: small ones in their deliveries' rows, large ones as blobs.</summary>
    public async Task<List<string>> BodiesAsync()
    {
        var container = app.Storage.Container(WebhookStorage.Bodies);
        var blobs = await container.GetBlobsAsync(cancellationToken: TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
        var large = await Task.WhenAll(blobs.Select(async blob => (await container.GetBlobClient(blob.Name).DownloadContentAsync(
            TestContext.Current.CancellationToken)).Value.Content.ToString()));
        var small = (await DeliveriesAsync()).Select(row => row.GetBinary(nameof(DeliveryEntity.Content))).OfType<byte[]>();
        return [.. small.Select(Encoding.UTF8.GetString), .. large];
    }

    public async Task<List<TableEntity>> RowsAsync(string table)
        => await app.Storage.Table(table).QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

    /// <summary>The mirrored trainings that are not deleted, as received.</summary>
    public async Task<SortedDictionary<long, string>> MirrorAsync()
        => new(
            (await RowsAsync(nameof(Trainings)))
                .Where(row => !row.ContainsKey("DeletedAt"))
                .ToDictionary(row => long.Parse(row.RowKey), WebhookBodies.JsonOf));

    /// <summary>The simulator's trainings, as sent.</summary>
    public SortedDictionary<long, string> Source()
        => new(app.Simulator.Catalogue.Trainings.Ids.ToDictionary(id => id, id => app.Simulator.Catalogue.Trainings.Json(id)!));

    /// <summary>How often a training was read singly.</summary>
    public int Reads(long? id = null)
        => app
            .Simulator.Requests.Snapshot()
            .Count(request => request.Path.StartsWith(id is null ? "/trainings/" : $"/trainings/{id}.", StringComparison.Ordinal));

    internal sealed record Answer(
        HttpStatusCode Status,
        HttpResponseHeaders Headers,
        ICollection<string> Allow,
        string? MediaType,
        byte[] Body)
    {
        public JsonElement Json => JsonElement.Parse(Body);

        public (int Accepted, int Ignored, int Applied) Counts
            => (Json.GetProperty("accepted").GetInt32(), Json.GetProperty("ignored").GetInt32(), Json.GetProperty("applied").GetInt32());

        public string Detail => Json.GetProperty("detail").GetString()!;
    }
}

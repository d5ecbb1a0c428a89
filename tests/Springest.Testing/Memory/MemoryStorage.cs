using System.Net;

namespace Springest.Testing.Memory;

/// <summary>
/// A storage account in memory: tables and blobs as the services speak on the wire, for simulations with more requests than an
/// emulator can answer. Clients reach it by their transport: <c>new TableClientOptions { Transport = new HttpClientTransport(memory) }</c>.
/// The contract tests that Azurite passes hold for it as well.
/// </summary>
/// <param name="clock">The service's clock.</param>
public sealed class MemoryStorage(TimeProvider? clock = null) : HttpMessageHandler
{
    /// <summary>Nobody listens at these addresses; they tell the services apart.</summary>
    public static readonly Uri BlobEndpoint = Address(BlobPort);
    public static readonly Uri QueueEndpoint = Address(QueuePort);
    public static readonly Uri TableEndpoint = Address(TablePort);

    /// <summary>For the clients of tables and blobs.</summary>
    public static readonly string ConnectionString = Azurite.ConnectionStringFor(BlobEndpoint, QueueEndpoint, TableEndpoint);

    private const int BlobPort = 1;
    private const int QueuePort = 2;
    private const int TablePort = 3;

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly MemoryTables _tables = new();
    private readonly MemoryBlobs _blobs = new();
    private readonly Lock _lock = new();
    private long _version;

    /// <summary>Answers within the caller's own step, so that whatever calls goes the same way every time.</summary>
    public bool AnswersAtOnce { get; init; }

    /// <inheritdoc cref="MemoryTables.BeginsEmpty"/>
    public bool BeginsEmpty { get => _tables.BeginsEmpty; set => _tables.BeginsEmpty = value; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // As from a network, an answer never comes within the caller's own step.
        if (!AnswersAtOnce)
            await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return Answer(request, request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        request.Content?.CopyTo(body, null, cancellationToken);
        return Answer(request, body.ToArray());
    }

    private HttpResponseMessage Answer(HttpRequestMessage message, byte[] body)
    {
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            var request = new MemoryRequest(message, body, now, $"0x8D{++_version:X13}");
            var response = request.Uri.Port switch
            {
                TablePort => _tables.Answer(request),
                BlobPort => _blobs.Answer(request),
                _ => new HttpResponseMessage(HttpStatusCode.NotImplemented),
            };
            response.RequestMessage = message;
            response.Headers.Date = now;
            response.Headers.TryAddWithoutValidation("x-ms-request-id", $"{_version}");
            response.Headers.TryAddWithoutValidation("x-ms-version", request.Header("x-ms-version"));
            return response;
        }
    }

    private static Uri Address(int port) => new($"http://127.0.0.1:{port}/");
}

using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Sites;
using Springest.Functions.Storage;

namespace Springest.Functions.Status;

/// <summary>Whether the app can do its work: storage answers, and every site has its key.</summary>
public sealed partial class HealthCheck(
    AppStorage storage, SpringestClients clients, IOptionsMonitor<SpringestSiteOptions> sites, TimeProvider time, ILogger<HealthCheck> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The parts by name, each with whether it is well.</summary>
    public async Task<IReadOnlyDictionary<string, bool>> RunAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var rows = storage.Table(Tables.MirrorState).QueryAsync<TableEntity>(maxPerPage: 1, cancellationToken: either.Token);
        var tables = AnswersAsync("tables", rows.Take(1).CountAsync(either.Token).AsTask());
        var blobs = AnswersAsync("blobs", storage.Container(Containers.WebhookBodies).ExistsAsync(either.Token));
        return new Dictionary<string, bool>
        {
            ["tables"] = await tables,
            ["blobs"] = await blobs,
            ["keys"] = clients.Sites.Count > 0 && clients.Sites.All(site => sites.Get(site).ApiKey.Length > 0),
        };
    }

    // Why storage does not answer is for the log: whoever asks for the health need not be known.
    private async Task<bool> AnswersAsync(string part, Task request)
    {
        try
        {
            await request;
            return true;
        }
        catch (Exception exception)
        {
            Log.NotWell(logger, part, exception);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The health check found {Part} not to answer.")]
        public static partial void NotWell(ILogger logger, string part, Exception exception);
    }
}

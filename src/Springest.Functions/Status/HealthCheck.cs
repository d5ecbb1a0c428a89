using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Access;
using Springest.Functions.Catalogue;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Sites;
using Springest.Functions.Storage;
using Springest.Functions.Webhooks;

namespace Springest.Functions.Status;

/// <summary>
/// Whether the app can do its work: storage answers and has all tables and containers, access keys can be read, the ledger has its key, and
/// every site its own. However often it is asked, storage is asked every ten seconds at most.
/// </summary>
public sealed partial class HealthCheck(
    AppStorage storage,
    StorageSetup setup,
    SpringestClients clients,
    LedgerKeys ledger,
    AccessKeys access,
    IOptionsMonitor<SpringestSiteOptions> sites,
    TimeProvider time,
    ILogger<HealthCheck> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly HashSet<string> _unwell = [];
    private (long Asked, Task<IReadOnlyDictionary<string, bool>> Parts)? _last;

    /// <summary>The parts by name, each with whether it is well, as of some seconds ago at most.</summary>
    public Task<IReadOnlyDictionary<string, bool>> RunAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_last is not { } last || time.GetElapsedTime(last.Asked) >= Fresh)
                _last = last = (time.GetTimestamp(), AskAsync());
            return last.Parts.WaitAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyDictionary<string, bool>> AskAsync()
    {
        using var patience = new CancellationTokenSource(Patience, time);
        var rows = storage.Table(CatalogueStorage.MirrorState).QueryAsync<TableEntity>(maxPerPage: 1, cancellationToken: patience.Token);
        var tables = AnswersAsync("tables", rows.Take(1).CountAsync(patience.Token).AsTask());
        var blobs = AnswersAsync("blobs", storage.Container(WebhookStorage.Bodies).GetPropertiesAsync(cancellationToken: patience.Token));
        var certificates = AnswersAsync("certificates", ledger.GetAsync(patience.Token));
        var readable = await access.ReadAsync(CancellationToken.None) is not null;
        return new Dictionary<string, bool>
        {
            ["access"] = readable,
            // Some may be there before all are.
            ["tables"] = await tables && setup.IsDone,
            ["blobs"] = await blobs && setup.IsDone,
            ["certificates"] = await certificates,
            ["keys"] = clients.Sites.Count > 0 && clients.Sites.All(site => sites.Get(site).ApiKey.Length > 0),
        };
    }

    // Why storage does not answer is for the log: whoever asks for the health need not be known.
    private async Task<bool> AnswersAsync(string part, Task request)
    {
        try
        {
            await request;
            if (HasChanged(part, isWell: true))
                Log.WellAgain(logger, part);
            return true;
        }
        catch (Exception exception)
        {
            if (HasChanged(part, isWell: false))
                Log.NotWell(logger, part, exception);
            return false;
        }
    }

    private bool HasChanged(string part, bool isWell)
    {
        lock (_lock)
            return isWell ? _unwell.Remove(part) : _unwell.Add(part);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The health check found {Part} not to answer.")]
        public static partial void NotWell(ILogger logger, string part, Exception exception);

        [LoggerMessage(LogLevel.Information, "The health check finds {Part} to answer again.")]
        public static partial void WellAgain(ILogger logger, string part);
    }
}

using System.Globalization;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Storage;
using Springest.Functions.Webhooks.Inbox;

namespace Springest.Functions.Webhooks.Processing;

/// <summary>
/// Whether what a webhook named may be deleted, now that it is proven gone. Said to be updated, it has to be gone again five minutes
/// later. And if webhooks lead to many deletes within an hour, further ones are held until a person has looked.
/// </summary>
public sealed partial class DeleteGuard(
    AppStorage storage, CatalogueMirror mirror, IOptions<MirrorOptions> options, TimeProvider time, ILogger<DeleteGuard> logger)
    : IDisposable
{
    /// <summary>How long something is gone before an update alone has it deleted.</summary>
    public static readonly TimeSpan Confirmation = TimeSpan.FromMinutes(5);

    private const int MinutesCounted = 60;

    private readonly TableClient _table = storage.Table(WebhookStorage.Deletes);
    private readonly MirrorOptions _options = options.Value;
    private readonly SemaphoreSlim _counting = new(1);

    /// <summary>False if not, or not yet; the row then says why.</summary>
    public async Task<bool> AllowsAsync(InboxItemEntity row, MirrorScope scope, CancellationToken cancellationToken)
    {
        if (row.Action != nameof(ChangeAction.Destroy))
        {
            row.MissingSince ??= time.GetUtcNow();
            if (time.GetUtcNow() - row.MissingSince < Confirmation)
                return false;
        }

        // One after another: those of an instance would all write the same row. With other instances it is tried again.
        await _counting.WaitAsync(cancellationToken);
        try
        {
            // Counted before it is done: one too many is the safe error.
            while (true)
            {
                if (await TryCountAsync(row, scope, cancellationToken) is { } allowed)
                    return allowed;
            }
        }
        finally
        {
            _counting.Release();
        }
    }

    /// <summary>The holds of a site.</summary>
    public Task<List<DeleteHoldEntity>> ListAsync(string site, CancellationToken cancellationToken)
        => _table.QueryAsync<DeleteHoldEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {site}"), cancellationToken: cancellationToken)
            .Where(row => row.HoldSince is not null)
            .ToListAsync(cancellationToken).AsTask();

    /// <summary>Ends the hold of a site's resource. Null if there is none.</summary>
    /// <param name="site">The site.</param>
    /// <param name="resource">The resource, whatever its case.</param>
    /// <param name="goAhead">
    /// Whether what it holds goes ahead, and the hour's count begins anew. If not, a delete that is left of it is counted like any other.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<DeleteHoldEntity?> EndAsync(string site, string resource, bool goAhead, CancellationToken cancellationToken)
    {
        while (true)
        {
            var hold = (await ListAsync(site, cancellationToken))
                .Find(row => row.RowKey.Equals(resource, StringComparison.OrdinalIgnoreCase));
            if (hold is null)
                return null;
            hold.HoldSince = null;
            if (goAhead)
                (hold.Released, hold.Minutes) = (hold.Hold, "");
            if (await _table.TryWriteAsync(hold, cancellationToken))
                return hold;
        }
    }

    public void Dispose() => _counting.Dispose();

    /// <summary>Null if the row was another's meanwhile.</summary>
    private async Task<bool?> TryCountAsync(InboxItemEntity row, MirrorScope scope, CancellationToken cancellationToken)
    {
        var (site, resource) = (scope.Site, scope.Resource.Name);
        var hold = await _table.FindAsync<DeleteHoldEntity>(site, resource, cancellationToken)
            ?? new DeleteHoldEntity { PartitionKey = site, RowKey = resource };
        if (row.Hold is { } released && released <= hold.Released)
            return true;

        var minutes = Recent(hold);
        var deletes = minutes.Values.Sum() + 1;
        var isHeld = hold.HoldSince is not null;
        if (!isHeld && deletes >= _options.DeleteHoldMinimum)
        {
            var records = await mirror.CountAsync(scope, cancellationToken);
            isHeld = deletes > _options.DeleteHoldShare * records;
        }

        if (!isHeld)
        {
            minutes[Minute] = minutes.GetValueOrDefault(Minute) + 1;
            hold.Minutes = string.Join(
                ' ', minutes.Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Key}:{each.Value}")));
            return await _table.TryWriteAsync(hold, cancellationToken) ? true : null;
        }

        if (hold.HoldSince is null)
        {
            (hold.HoldSince, hold.Hold) = (time.GetUtcNow(), hold.Hold + 1);
            if (!await _table.TryWriteAsync(hold, cancellationToken))
                return null;
            Log.Held(logger, site, resource, deletes);
        }

        (row.HeldBy, row.Hold) = (resource, hold.Hold);
        return false;
    }

    private long Minute => time.GetUtcNow().ToUnixTimeSeconds() / 60;

    private SortedDictionary<long, int> Recent(DeleteHoldEntity hold)
        => new(
            hold.Minutes.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(each => Array.ConvertAll(each.Split(':'), number => int.Parse(number, CultureInfo.InvariantCulture)))
                .Select(each => (Minute: (long)each[0], Count: each[1]))
                .Where(each => each.Minute >= Minute - MinutesCounted)
                .ToDictionary(each => each.Minute, each => each.Count));

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "{Site} {Resource}: webhooks would lead to {Deletes} deletes within an hour; further ones are held until a person has looked.")]
        public static partial void Held(ILogger logger, string site, string resource, int deletes);
    }
}

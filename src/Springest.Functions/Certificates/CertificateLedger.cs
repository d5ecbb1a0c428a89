using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Springest.Functions.Storage;

namespace Springest.Functions.Certificates;

/// <summary>The ledger of all certificates: table <c>CertificateSubmissions</c>. It alone decides who may submit what.</summary>
public sealed class CertificateLedger(AppStorage storage)
{
    /// <summary>Partition of the files that lie in no site's folder.</summary>
    public const string NoSite = "_";

    private const string FilePrefix = "file-";

    private readonly TableClient _table = storage.Table(Tables.CertificateSubmissions);

    /// <summary>How many certificates and files of each site are in each state.</summary>
    public async Task<IReadOnlyDictionary<(string Site, SubmissionState State), int>> CountAsync(CancellationToken cancellationToken)
    {
        var counts = new Dictionary<(string, SubmissionState), int>();
        var rows = _table.QueryAsync<TableEntity>(select: ["PartitionKey", nameof(CertificateSubmission.State)], cancellationToken: cancellationToken);
        await foreach (var row in rows)
        {
            var state = Enum.Parse<SubmissionState>(row.GetString(nameof(CertificateSubmission.State)));
            if (state != SubmissionState.Linked)
                counts[(row.PartitionKey, state)] = counts.GetValueOrDefault((row.PartitionKey, state)) + 1;
        }

        return counts;
    }

    /// <summary>What is in one state, of one site or of all.</summary>
    public IAsyncEnumerable<CertificateSubmission> ListAsync(SubmissionState state, string? site = null, CancellationToken cancellationToken = default)
    {
        var name = state.ToString();
        return _table.QueryAsync<CertificateSubmission>(
            site is null ? TableClient.CreateQueryFilter($"State eq {name}") : TableClient.CreateQueryFilter($"PartitionKey eq {site} and State eq {name}"),
            cancellationToken: cancellationToken);
    }

    /// <summary>What a person must decide about.</summary>
    public async IAsyncEnumerable<CertificateSubmission> ListForPersonAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var state in (SubmissionState[])[SubmissionState.OutcomeUnknown, SubmissionState.Held])
        {
            await foreach (var submission in ListAsync(state, cancellationToken: cancellationToken))
                yield return submission;
        }
    }

    /// <summary>The submission with this key, or null.</summary>
    public async Task<CertificateSubmission?> FindAsync(string site, string key, CancellationToken cancellationToken)
        => await _table.GetEntityIfExistsAsync<CertificateSubmission>(site, key, cancellationToken: cancellationToken) is { HasValue: true, Value: var row }
            ? row
            : null;

    /// <summary>What has not come to an end or is not reported, of what has not changed since then.</summary>
    internal IAsyncEnumerable<CertificateSubmission> ListOpenAsync(DateTimeOffset unchangedSince, CancellationToken cancellationToken)
        => _table.QueryAsync<CertificateSubmission>(
            TableClient.CreateQueryFilter(
                $"(State eq 'Waiting' or State eq 'Submitting' or State eq 'OutcomeUnknown' or State eq 'Linked' or Unreported eq true) and Updated le {unchangedSince}"),
            cancellationToken: cancellationToken);

    /// <summary>The other submissions of a person for a certification.</summary>
    internal async Task<List<CertificateSubmission>> ListPeersAsync(CertificateSubmission row, CancellationToken cancellationToken)
    {
        var (site, key, certification) = (row.PartitionKey, row.RowKey, row.CertificationId!.Value);
        var peers = new List<CertificateSubmission>();
        var rows = _table.QueryAsync<CertificateSubmission>(
            TableClient.CreateQueryFilter($"PartitionKey eq {site} and CertificationId eq {certification}"), cancellationToken: cancellationToken);
        await foreach (var other in rows)
        {
            if (other.RowKey != key && !IsFile(other) && string.Equals(other.Email, row.Email, StringComparison.OrdinalIgnoreCase))
                peers.Add(other);
        }

        return peers;
    }

    /// <summary>What was noted about a file, or null.</summary>
    internal Task<CertificateSubmission?> FindFileAsync(string site, DroppedFile file, CancellationToken cancellationToken)
        => FindAsync(site, FilePrefix + file.Id, cancellationToken);

    /// <summary>Notes what became of a file that did not come to be submitted.</summary>
    internal Task NoteFileAsync(CertificateSubmission note, CancellationToken cancellationToken)
    {
        note.RowKey = FilePrefix + note.FileId;
        return _table.UpsertEntityAsync(note, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>Removes the note about a file that has found its place in a submission.</summary>
    internal Task ForgetFileAsync(string site, string fileId, CancellationToken cancellationToken)
        => _table.DeleteEntityAsync(site, FilePrefix + fileId, ETag.All, cancellationToken);

    /// <summary>Writes a new row.</summary>
    /// <returns>False if there is one already.</returns>
    internal async Task<bool> TryAddAsync(CertificateSubmission row, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _table.AddEntityAsync(row, cancellationToken);
            row.ETag = answer.Headers.ETag ?? ETag.All;
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return false;
        }
    }

    /// <summary>Notes that a submission's file is moved and its report written. If the row has changed since, that is noted with its next end.</summary>
    internal Task CloseAsync(CertificateSubmission row, CancellationToken cancellationToken)
    {
        row.Unreported = false;
        return TryUpdateAsync(row, cancellationToken);
    }

    /// <summary>Writes a row back.</summary>
    /// <returns>False if it has changed since it was read.</returns>
    internal async Task<bool> TryUpdateAsync(CertificateSubmission row, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken);
            row.ETag = answer.Headers.ETag ?? ETag.All;
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 412 or 404)
        {
            return false;
        }
    }

    /// <summary>Whether a row is that of a file, not of a certificate.</summary>
    internal static bool IsFile(CertificateSubmission row) => row.RowKey.StartsWith(FilePrefix, StringComparison.Ordinal);
}

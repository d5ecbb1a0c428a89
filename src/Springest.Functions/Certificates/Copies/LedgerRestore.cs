using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Certificates.Submission;

namespace Springest.Functions.Certificates.Copies;

/// <summary>
/// Puts the last copy of a site's ledger back, if there is one, and what receipts say that are newer. Nothing is taken in or sent until a
/// person starts it, who cannot before it has come to its end; whatever was open is in doubt. Rows that are there stay as they are, so that
/// it may be done again.
/// </summary>
public sealed class LedgerRestore(
    LedgerExport export, CertificateLedger ledger, LedgerKeys keys, DuplicateGuard guard, SendingGate gate, SubmissionStateMachine outcomes,
    CertificateContainers containers)
{
    // A row takes some six requests.
    private const int Parallelism = 8;

    // Of a copy, before it is noted how far it is back.
    private const int LinesTogether = 100;

    // What was written while the copy was made may be in it or not.
    private static readonly TimeSpan _overlap = TimeSpan.FromHours(1);

    /// <summary>Restores a site.</summary>
    /// <param name="by">Who commands it, for the record.</param>
    /// <returns>Why that is not possible; null if it is done.</returns>
    public async Task<string?> RunAsync(string site, string? by, CancellationToken cancellationToken)
    {
        try
        {
            return await TryAsync(site, by, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == "TableNotFound")
        {
            return "A table of the ledger is missing. Have it created first: run 'azd provision --no-state', or restart the app if it runs "
                + "on your machine.";
        }
    }

    private async Task<string?> TryAsync(string site, string? by, CancellationToken cancellationToken)
    {
        using var lines = await OpenAsync(site, cancellationToken);
        var header = lines is null ? null : await ReadHeaderAsync(lines, cancellationToken);
        if (header is not null && header.Format != LedgerRow.CurrentFormat)
            return string.Create(CultureInfo.InvariantCulture, $"The copy has format {header.Format}, which this version does not know.");
        if (await keys.FindAsync(header?.Check ?? await FindCheckAsync(cancellationToken), cancellationToken) is not { } found)
            return "The key in the table CertificateKey is missing, or is not the one that the ledger was written with. Put that one back "
                + "first.";
        // Without a copy, of the first day, only receipts and rows are known.
        var at = header?.At ?? DateTimeOffset.UnixEpoch;
        // One that was cut off goes on where it was, unless something has been lost since; or has ended unseen, as its caller had gone.
        var state = await gate.ReadAsync(site, cancellationToken);
        var isSame = found.Counts && state.GapFrom == at;
        if (isSame && state.RestoredLines is null)
            return null;
        var restored = isSame ? state.RestoredLines!.Value : 0;
        // Before the key counts again, since from then on certificates would be taken in and sent, of every site.
        if (restored == 0)
            await gate.StopAsync(site, at, by, cancellationToken);
        if (!found.Counts)
        {
            await StopOthersAsync(site, by, cancellationToken);
            await keys.RestoreAsync(found.Key, cancellationToken);
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        // What is certain first: a row that is there stays.
        await Parallel.ForEachAsync(ReceiptsAsync(site, at - _overlap, cancellationToken), parallel, async (receipt, token) =>
        {
            var content = (await containers.Accepted.GetBlobClient(receipt).DownloadContentAsync(token)).Value.Content;
            if (RowOf(site, CertificateReport.FromJson(content.ToString()), found.Key) is { } row)
                await EnterAsync(await RestoreAsync(row, token), token);
        });
        if (lines is not null)
        {
            await foreach (var some in LinesOf(lines, cancellationToken).Skip(restored).Chunk(LinesTogether))
            {
                await Parallel.ForEachAsync(some, parallel, async (line, token) =>
                {
                    var row = JsonSerializer.Deserialize(line, LedgerCopyJson.Default.SubmissionStub)!.ToRow(site);
                    await EnterAsync(await RestoreAsync(row, token), token);
                });
                restored += some.Length;
                await gate.NoteRestoredAsync(site, at, restored, cancellationToken);
            }
        }

        // Rows that are newer than the copy too: the guards alone may have been lost.
        var newer = ledger.ReadAllAsync(site, cancellationToken).OfType<SubmissionEntity>().Where(row => row.Updated >= at - _overlap);
        await Parallel.ForEachAsync(newer, parallel, async (row, token) => await EnterAsync(row, token));
        await ledger.FlushAsync(cancellationToken);
        await gate.NoteRestoredAsync(site, at, null, cancellationToken);
        return null;
    }

    /// <summary>The check of the key that copies of other sites were written with.</summary>
    private async Task<string?> FindCheckAsync(CancellationToken cancellationToken)
    {
        foreach (var site in ledger.Sites)
        {
            if (await ReadHeaderAsync(site, cancellationToken) is { } header)
                return header.Check;
        }

        return null;
    }

    /// <summary>The other sites' ledgers have lost their key too, and may have lost their rows.</summary>
    private async Task StopOthersAsync(string site, string? by, CancellationToken cancellationToken)
    {
        foreach (var other in ledger.Sites.Where(other => other != site && other != CertificateLedger.NoSite))
        {
            var header = await ReadHeaderAsync(other, cancellationToken);
            await gate.StopAsync(other, header?.At ?? DateTimeOffset.UnixEpoch, by, cancellationToken);
        }
    }

    /// <summary>Has other files of the certificate find a row.</summary>
    private async Task EnterAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        try
        {
            if (row is { State: SubmissionState.Duplicate, Code: Reason.LetThrough })
                await guard.LetThroughAsync(row, cancellationToken);
            else if (row.State is not (SubmissionState.Duplicate or SubmissionState.Replaced))
                await guard.EnterAsync(row, cancellationToken);
        }
        // Then no other file of the certificate finds room either, and so none is sent.
        catch (GuardFullException)
        {
        }
    }

    /// <summary>Writes a row, unless one is there that counts.</summary>
    /// <returns>The one that counts.</returns>
    private async Task<SubmissionEntity> RestoreAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        if (row.State.IsOpen())
            outcomes.DoubtRestored(row);
        while (true)
        {
            // An instance with a cached key may have taken the file in again after the loss. Unless that row is accepted, the copy counts.
            var there = await ledger.FindRowAsync(row.PartitionKey, row.RowKey, cancellationToken);
            if (there is SubmissionEntity known && (known.State == SubmissionState.Accepted || known.Received == row.Received))
                return known;
            row.TakePlaceOf(there);
            if (await ledger.TryWriteAsync(row, cancellationToken))
                return row;
        }
    }

    private async Task<LedgerCopyHeader?> ReadHeaderAsync(string site, CancellationToken cancellationToken)
    {
        using var lines = await OpenAsync(site, cancellationToken);
        return lines is null ? null : await ReadHeaderAsync(lines, cancellationToken);
    }

    private static async Task<LedgerCopyHeader?> ReadHeaderAsync(StreamReader lines, CancellationToken cancellationToken)
        => await lines.ReadLineAsync(cancellationToken) is { } first
            ? JsonSerializer.Deserialize(first, LedgerCopyJson.Default.LedgerCopyHeader)
            : null;

    private async Task<StreamReader?> OpenAsync(string site, CancellationToken cancellationToken)
    {
        try
        {
            return new StreamReader((await export.BlobOf(site).DownloadContentAsync(cancellationToken)).Value.Content.ToStream());
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    private static async IAsyncEnumerable<string> LinesOf(
        StreamReader lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
            yield return line;
    }

    private IAsyncEnumerable<string> ReceiptsAsync(string site, DateTimeOffset since, CancellationToken cancellationToken)
        => containers.Accepted.GetBlobsAsync(cancellationToken: cancellationToken)
            .Where(blob => blob.Name.EndsWith(ReportNames.Receipt, StringComparison.Ordinal) && !(blob.Properties.LastModified < since)
                && ledger.SiteOf(blob.Name) == site)
            .Select(blob => blob.Name);

    // Receipts of lists are about no submission.
    private static SubmissionEntity? RowOf(string site, CertificateReport report, LedgerKey key)
    {
        if (report is not { Submission: { } submission, Email: { } email, CertificationId: { } certification, ValidFrom: { } from })
            return null;
        var row = new SubmissionEntity
        {
            PartitionKey = site,
            RowKey = submission,
            Blob = report.File,
            State = SubmissionState.Accepted,
            CertificateId = report.CertificateId,
            ContentHash = report.ContentHash,
            Size = report.Size,
            Received = report.At,
            Updated = report.At,
            Report = report.ToJson().ToString(),
        };
        new CertificateFields(
            long.Parse(certification, CultureInfo.InvariantCulture), email, CertificateFields.Date(from),
            report.ValidUntil is { } until ? CertificateFields.Date(until) : null,
            report.BookingId is { } booking ? long.Parse(booking, CultureInfo.InvariantCulture) : null).PutInto(row, key);
        return row;
    }
}

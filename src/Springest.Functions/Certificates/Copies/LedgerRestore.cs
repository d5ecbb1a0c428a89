using System.Globalization;
using System.Text.Json;
using Azure;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Certificates.Submission;

namespace Springest.Functions.Certificates.Copies;

/// <summary>
/// Puts the last copy of a site's ledger back, if there is one, and what receipts say that are newer. Nothing is taken in or sent until a
/// person starts it; whatever was open is in doubt. Rows that are there stay as they are, so that it may be done again.
/// </summary>
public sealed class LedgerRestore(
    LedgerExport export, CertificateLedger ledger, LedgerKeys keys, DuplicateGuard guard, SendingGate gate, SubmissionStateMachine outcomes,
    CertificateContainers containers)
{
    // What was written while the copy was made may be in it or not.
    private static readonly TimeSpan _overlap = TimeSpan.FromHours(1);

    /// <summary>Restores a site.</summary>
    /// <param name="by">Who commands it, for the record.</param>
    /// <returns>Why that is not possible; null if it is done.</returns>
    public async Task<string?> RunAsync(string site, string? by, CancellationToken cancellationToken)
    {
        using var lines = await OpenAsync(site, cancellationToken);
        var header = lines is null ? null : await ReadHeaderAsync(lines, cancellationToken);
        if (header is not null && header.Format != LedgerRow.CurrentFormat)
            return string.Create(CultureInfo.InvariantCulture, $"The copy has format {header.Format}, which this version does not know.");
        if (await keys.FindAsync(header?.Check, cancellationToken) is not { } found)
            return header is null ? $"There is no copy of the ledger of '{site}'."
                : "The key in the table CertificateKey is not the one that the copy was written with. Put that back first.";
        // Without a copy, of the first day, only receipts and rows are known.
        var at = header?.At ?? DateTimeOffset.UnixEpoch;
        // Before the key counts again, since from then on certificates would be taken in and sent, of every site.
        await gate.StopAsync(site, at, by, cancellationToken);
        if (!found.Counts)
        {
            await StopOthersAsync(site, by, cancellationToken);
            await keys.RestoreAsync(found.Key, cancellationToken);
        }

        // What is certain first: a row that is there stays.
        await foreach (var report in ReceiptsAsync(site, at - _overlap, cancellationToken))
        {
            if (RowOf(site, report, found.Key) is { } row)
                await RestoreAsync(row, cancellationToken);
        }

        while (header is not null && await lines!.ReadLineAsync(cancellationToken) is { } line)
            await RestoreAsync(JsonSerializer.Deserialize(line, LedgerCopyJson.Default.SubmissionStub)!.ToRow(site), cancellationToken);
        // Every row, not only those of the copy: the guards alone may have been lost.
        await foreach (var row in ledger.ReadAllAsync(site, cancellationToken).OfType<SubmissionEntity>())
        {
            if (row.State is not (SubmissionState.Duplicate or SubmissionState.Replaced))
                await guard.EnterAsync(row, cancellationToken);
        }

        await ledger.FlushAsync(cancellationToken);
        return null;
    }

    /// <summary>The other sites' ledgers have lost their key too, and may have lost their rows.</summary>
    private async Task StopOthersAsync(string site, string? by, CancellationToken cancellationToken)
    {
        foreach (var other in ledger.Sites.Where(other => other != site && other != CertificateLedger.NoSite))
        {
            using var lines = await OpenAsync(other, cancellationToken);
            var header = lines is null ? null : await ReadHeaderAsync(lines, cancellationToken);
            await gate.StopAsync(other, header?.At ?? DateTimeOffset.UnixEpoch, by, cancellationToken);
        }
    }

    private async Task RestoreAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        if (row.State is SubmissionState.Ready or SubmissionState.Waiting or SubmissionState.Held or SubmissionState.Submitting
            or SubmissionState.OutcomeUnknown)
            outcomes.DoubtRestored(row);
        while (true)
        {
            // An instance with a cached key may have taken the file in again after the loss. Unless that row is accepted, the copy counts.
            var there = await ledger.FindRowAsync(row.PartitionKey, row.RowKey, cancellationToken);
            if (there is SubmissionEntity && (there.State == SubmissionState.Accepted || there.Received == row.Received))
                return;
            (row.ETag, row.OpenAs, row.Stored) = (there?.ETag ?? default, there?.OpenAs, there?.Stored);
            if (await ledger.TryWriteAsync(row, cancellationToken))
                return;
        }
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

    private async IAsyncEnumerable<CertificateReport> ReceiptsAsync(
        string site, DateTimeOffset since, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in containers.Accepted.GetBlobsAsync(cancellationToken: cancellationToken))
        {
            if (!blob.Name.EndsWith(ReportNames.Receipt, StringComparison.Ordinal) || blob.Properties.LastModified < since
                || ledger.SiteOf(blob.Name) != site)
                continue;
            var content = (await containers.Accepted.GetBlobClient(blob.Name).DownloadContentAsync(cancellationToken)).Value.Content;
            yield return CertificateReport.FromJson(content.ToString());
        }
    }

    // Receipts of lists are about no submission.
    private static SubmissionEntity? RowOf(string site, CertificateReport report, LedgerKey key)
    {
        if (report is not { Submission: { } submission, Email: { } email, CertificationId: { } certification, ValidFrom: { } from })
            return null;
        var row = new SubmissionEntity
        {
            PartitionKey = site,
            RowKey = submission,
            FileId = submission,
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
            long.Parse(certification, CultureInfo.InvariantCulture), email, Date(from)!.Value, Date(report.ValidUntil),
            report.BookingId is { } booking ? long.Parse(booking, CultureInfo.InvariantCulture) : null).PutInto(row, key);
        return row;
    }

    private static DateOnly? Date(string? text)
        => text is null ? null : DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}

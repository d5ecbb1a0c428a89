using System.Globalization;
using System.Text.Json;
using Azure;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Certificates.Submission;

namespace Springest.Functions.Certificates.Copies;

/// <summary>
/// Puts the last copy of a site's ledger back, and what receipts say that are newer. Nothing is sent until a person starts it; whatever was
/// open is in doubt. Rows that are there stay as they are, so that it may be done again.
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
        if (lines is null || await lines.ReadLineAsync(cancellationToken) is not { } first)
            return $"There is no copy of the ledger of '{site}'.";
        var header = JsonSerializer.Deserialize(first, LedgerCopyJson.Default.LedgerCopyHeader)!;
        if (header.Format != LedgerRow.CurrentFormat)
            return string.Create(CultureInfo.InvariantCulture, $"The copy has format {header.Format}, which this version does not know.");
        // Before the key counts again, since from then on certificates would be sent.
        await gate.StopAsync(site, header.At, by, cancellationToken);
        if (await keys.RestoreAsync(header.Check, cancellationToken) is not { } key)
            return "The key in the table CertificateKey is not the one that the copy was written with. Put that back first.";
        // What is certain first: a row that is there stays.
        await foreach (var report in ReceiptsAsync(site, header.At - _overlap, cancellationToken))
        {
            if (RowOf(site, report, key) is { } row)
                await RestoreAsync(row, cancellationToken);
        }

        while (await lines.ReadLineAsync(cancellationToken) is { } line)
            await RestoreAsync(JsonSerializer.Deserialize(line, LedgerCopyJson.Default.SubmissionStub)!.ToRow(site), cancellationToken);
        await ledger.FlushAsync(cancellationToken);
        return null;
    }

    private async Task RestoreAsync(SubmissionEntity row, CancellationToken cancellationToken)
    {
        if (row.State is SubmissionState.Ready or SubmissionState.Waiting or SubmissionState.Held or SubmissionState.Submitting
            or SubmissionState.OutcomeUnknown)
            outcomes.DoubtRestored(row);
        if (await ledger.FindRowAsync(row.PartitionKey, row.RowKey, cancellationToken) is null)
            await ledger.TryWriteAsync(row, cancellationToken);
        if (row.State is not (SubmissionState.Duplicate or SubmissionState.Replaced))
            await guard.EnterAsync(row, cancellationToken);
    }

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

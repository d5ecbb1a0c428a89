using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Intake;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Submission;
using Springest.Functions.Storage;

namespace Springest.Functions.Certificates.Copies;

/// <summary>
/// Copies the ledger into a container whose versions are kept, as stubs that are about nobody; and, since it reads every row anyway, puts
/// the counters right and finds the refused files that were removed before anybody did something about them.
/// </summary>
public sealed class LedgerExport(
    AppStorage storage, CertificateLedger ledger, LedgerKeys keys, LedgerCounters counters, SendingGate gate, FileMover mover,
    TimeProvider clock)
{
    // A file that was refused a moment ago may be on its way.
    private static readonly TimeSpan _old = TimeSpan.FromDays(1);

    /// <summary>Copies every site, but for those that are to be restored from their last copy.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var site in ledger.Sites)
        {
            await CopyAsync(site, cancellationToken);
            await foreach (var (_, row) in ledger.ListOpenAsync(
                site, OpenRows.Refused, before: clock.GetUtcNow() - _old, cancellationToken: cancellationToken))
                await ExpireAsync(row, cancellationToken);
        }

        await ledger.FlushAsync(cancellationToken);
    }

    /// <summary>The copy of a site.</summary>
    internal BlobClient BlobOf(string site) => storage.Container(CertificateStorage.Exports).GetBlobClient($"{site}.ndjson");

    private async Task CopyAsync(string site, CancellationToken cancellationToken)
    {
        // The key first: a restore notes the gap, and then has the key count again.
        var key = await keys.GetAsync(cancellationToken);
        if ((await gate.ReadAsync(site, cancellationToken)).GapFrom is not null)
            return;
        var figures = new List<RowFigures>();
        await using var copy = BufferedBlobStream.CreateNameless(bufferSize: 1 << 16);
        await WriteAsync(
            copy, JsonSerializer.SerializeToUtf8Bytes(
                new LedgerCopyHeader(LedgerRow.CurrentFormat, clock.GetUtcNow(), key.Check), LedgerCopyJson.Default.LedgerCopyHeader),
            cancellationToken);
        await foreach (var row in ledger.ReadAllAsync(site, cancellationToken))
        {
            figures.Add(row.Figures);
            if (row is SubmissionEntity submission)
                await WriteAsync(
                    copy, JsonSerializer.SerializeToUtf8Bytes(SubmissionStub.Of(submission), LedgerCopyJson.Default.SubmissionStub),
                    cancellationToken);
        }

        copy.Position = 0;
        await BlobOf(site).UploadAsync(
            copy, new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "application/x-ndjson" } }, cancellationToken);
        await counters.CorrectAsync(site, figures, cancellationToken);
    }

    private static async Task WriteAsync(Stream stream, byte[] line, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(line, cancellationToken);
        await stream.WriteAsync("\n"u8.ToArray(), cancellationToken);
    }

    private async Task ExpireAsync(LedgerRow row, CancellationToken cancellationToken)
    {
        // Of a stub nobody knows where its file is.
        if (row is not { State: SubmissionState.Rejected, Unreported: false, Blob.Length: > 0 }
            || await mover.FindCopyAsync(row, cancellationToken) is not null)
            return;
        (row.State, row.Updated) = (SubmissionState.Expired, clock.GetUtcNow());
        await ledger.TryUpdateAsync(row, cancellationToken);
    }
}

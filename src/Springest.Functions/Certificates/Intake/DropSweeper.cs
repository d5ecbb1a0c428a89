using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Rejections;

namespace Springest.Functions.Certificates.Intake;

/// <summary>Goes through the drop for the files whose event never came, and those that wait.</summary>
public sealed partial class DropSweeper(
    CertificateLedger ledger,
    DropContainer drop,
    CertificateImport intake,
    OrphanedSubmissions orphans,
    RejectionSheets sheets,
    IOptions<CertificatesOptions> options,
    TimeProvider time,
    ILogger<DropSweeper> logger)
{
    /// <summary>Takes in every file that can be taken in now, within the time budget; then looks after those that are gone.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await ledger.FindFaultAsync(cancellationToken) is { } fault)
        {
            Log.Lost(logger, fault);
            return;
        }

        using var budget = new CancellationTokenSource(options.Value.SweepBudget, time);
        var failures = await EachAsync(FilesAsync(budget.Token, cancellationToken), intake.TakeInAsync, file => file.Id, cancellationToken);
        // A share of its own, so that there is time for it however many files there are.
        using var rest = new CancellationTokenSource(options.Value.SweepBudget / 4, time);
        failures += await EachAsync(
            orphans.ListAsync(rest.Token, cancellationToken),
            orphans.ResolveAsync,
            entry => entry.Row[..12],
            cancellationToken);
        await sheets.UpdateAsync(rest.Token, cancellationToken);
        if (failures > 0)
            throw new InvalidOperationException($"{failures} files could not be taken in; the next sweep tries again.");
    }

    /// <summary>Works on several at a time.</summary>
    /// <returns>How many failed: one of them must not keep the others waiting, nor one request to storage that took too long.</returns>
    private async Task<int> EachAsync<T>(
        IAsyncEnumerable<T> all,
        Func<T, CancellationToken, Task> work,
        Func<T, string> fileOf,
        CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Value.SweepParallelism,
            CancellationToken = cancellationToken,
        };
        var failures = 0;
        await Parallel.ForEachAsync(all, parallel, async (each, token) =>
        {
            try
            {
                await work(each, token);
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                // Put down.
            }
            catch (Exception e)
            {
                Interlocked.Increment(ref failures);
                Log.Failed(logger, e, fileOf(each));
            }
        });
        return failures;
    }

    private async IAsyncEnumerable<DroppedFile> FilesAsync(
        CancellationToken budget, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var file in drop.ListAsync(cancellationToken))
        {
            if (budget.IsCancellationRequested)
                yield break;
            // A sidecar has its turn with its file, and one of its own if that is long in coming.
            if (!DroppedFile.IsSidecar(file.Name, out _) || file.Modified + options.Value.ManifestWait < time.GetUtcNow())
                yield return file;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Critical, Message = "{Fault}")]
        public static partial void Lost(ILogger logger, string fault);

        [LoggerMessage(Level = LogLevel.Error, Message = "File {File} could not be taken in")]
        public static partial void Failed(ILogger logger, Exception exception, string file);
    }
}

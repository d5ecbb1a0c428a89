using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Springest.Functions.Certificates;

/// <summary>Goes through the drop for the files whose event never came, and those that wait.</summary>
public sealed partial class CertificateSweep(
    CertificateDrop drop, CertificateIntake intake, AbandonedSubmissions abandoned, IOptions<CertificatesOptions> options, TimeProvider time, ILogger<CertificateSweep> logger)
{
    /// <summary>Takes in every file that can be taken in now, within the time budget.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var budget = new CancellationTokenSource(options.Value.SweepBudget, time);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.SweepParallelism, CancellationToken = cancellationToken };
        var failures = 0;
        await Parallel.ForEachAsync(FilesAsync(budget.Token, cancellationToken), parallel, async (file, token) =>
        {
            try
            {
                await intake.TakeInAsync(file, token);
            }
            // One bad file must not keep the others waiting, nor one request to storage that took too long.
            catch (Exception e) when (!token.IsCancellationRequested)
            {
                Interlocked.Increment(ref failures);
                Log.Failed(logger, e, file.Id);
            }
        });
        await abandoned.ResolveAsync(cancellationToken);
        if (failures > 0)
            throw new InvalidOperationException($"{failures} files could not be taken in; the next sweep tries again.");
    }

    private async IAsyncEnumerable<DroppedFile> FilesAsync(
        CancellationToken budget, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in drop.ListAsync(cancellationToken))
        {
            if (budget.IsCancellationRequested)
                yield break;
            var file = DroppedFile.From(blob);
            if (!DroppedFile.IsSidecar(file.Name, out _) && DroppedFile.IsAddressable(file.Name))
                yield return file;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "File {File} could not be taken in")]
        public static partial void Failed(ILogger logger, Exception exception, string file);
    }
}

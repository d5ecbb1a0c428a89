using Microsoft.Extensions.Logging;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Submission;

/// <summary>Tells log and metrics what became of submissions and files.</summary>
public sealed partial class SubmissionLog(CertificateMetrics metrics, ILogger<SubmissionLog> logger)
{
    internal void Ended(SubmissionEntity row)
    {
        metrics.Ended(row);
        Log.Outcome(logger, row.PartitionKey, row.RowKey[..12], row.State, row.Code, row.CertificateId);
    }

    internal void Refused(LedgerRow row)
    {
        metrics.Ended(row);
        Log.Refused(logger, row.PartitionKey, row.FileId, row.Code);
    }

    internal void ListEnded(LedgerRow row, IReadOnlyCollection<ManifestLineReport> lines)
    {
        var (refused, missing) = (
            lines.Count(line => line.State == ManifestLineReport.Rejected), lines.Count(line => line.State == ManifestLineReport.Missing));
        Log.ListEnded(logger, row.PartitionKey, row.FileId, lines.Count, refused, missing);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "File {File} of {Site} is refused: {Code}")]
        public static partial void Refused(ILogger logger, string site, string file, string? code);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Manifest {File} of {Site} is done: {Lines} files, {Refused} refused, {Missing} missing"
        )]
        public static partial void ListEnded(ILogger logger, string site, string file, int lines, int refused, int missing);

        [LoggerMessage(Level = LogLevel.Information, Message = "Submission {Key} of {Site}: {State} {Code}, certificate {CertificateId}")]
        public static partial void Outcome(
            ILogger logger, string site, string key, SubmissionState state, string? code, long? certificateId);
    }
}

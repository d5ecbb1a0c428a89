using System.ComponentModel.DataAnnotations;
using Springest.Functions.Certificates.Inspection;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Settings;

namespace Springest.Functions.Certificates;

/// <summary>Settings <c>Springest:Certificates</c>.</summary>
public sealed class CertificatesOptions
{
    /// <summary>
    /// The container that files are dropped in. Its siblings are named after it, with <c>-accepted</c> and <c>-rejected</c>.
    /// </summary>
    [RegularExpression("^[a-z0-9](-?[a-z0-9]){2,53}$", ErrorMessage = "{0} must be 3 to 54 lower case letters, digits and single hyphens.")]
    public string Container { get; set; } = "certificates";

    /// <summary>
    /// When the drop is looked through for files that no event announced. Read by the Functions host, which has no default for it.
    /// </summary>
    [Schedule]
    public string SweepSchedule { get; set; } = "0 * * * * *";

    /// <summary>The largest file that is submitted, in bytes.</summary>
    [Range(1, 100 * 1024 * 1024, ErrorMessage = "{0} must be 1 to 104857600 bytes.")]
    public int MaxFileSize { get; set; } = 10 * 1024 * 1024;

    /// <summary>Extensions of the files that are submitted: any of <c>.pdf</c>, <c>.png</c>, <c>.jpg</c>, separated by commas.</summary>
    [RegularExpression(
        @"^\.(pdf|png|jpg)(,\.(pdf|png|jpg))*$",
        ErrorMessage = "{0} must be any of .pdf, .png and .jpg, separated by commas."
    )]
    public string FileTypes { get; set; } = ".pdf";

    /// <summary>Each of <see cref="FileTypes"/>.</summary>
    public string[] ListFileTypes() => FileTypes.Split(',');

    /// <summary>What a PDF must not have: any of NeedsPassword, JavaScript, Launch, Attachments and Restricted, or None.</summary>
    public PdfFeatures RefusedPdfFeatures { get; set; } = PdfFeatures.NeedsPassword | PdfFeatures.JavaScript | PdfFeatures.Launch;

    /// <summary>
    /// How long a file waits for its sidecar or manifest before it is refused, from when it or the last such file of its folder came.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00", ErrorMessage = "{0} must be 0 to 7 days.")]
    public TimeSpan MetadataWait { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a manifest waits for files that it names, from when it or the last of them came; and they for another after it was refused.
    /// As long a sidecar waits for its file.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00", ErrorMessage = "{0} must be 0 to 7 days.")]
    public TimeSpan ManifestWait { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Which part of a date such as 05/01/2026 in a manifest is the day: the first, the second, or Refuse where it could be either.
    /// </summary>
    public SlashDates SlashDates { get; set; } = SlashDates.Refuse;

    /// <summary>How long one instance has a submission to itself. The request must be answered within four fifths of it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:06:00", ErrorMessage = "{0} must be 1 second to 6 minutes.")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromMinutes(2.5);

    /// <summary>How long something waits for its next attempt if neither Springest nor the quota nor the client says how long.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ErrorMessage = "{0} must be 0 to 1 hour.")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long something waits before a person is told. It goes on waiting all the same.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00", ErrorMessage = "{0} must be 0 to 30 days.")]
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// True to begin without sending anything, until somebody starts it. Counts where no site has been stopped or started yet.
    /// </summary>
    public bool StartStopped { get; set; }

    /// <summary>When the ledger is copied. Read by the Functions host, which has no default for it.</summary>
    [Schedule]
    public string ExportSchedule { get; set; } = "0 15 2 * * *";

    /// <summary>
    /// When Springest is asked which accepted certificates it has verified. Read by the Functions host, which has no default for it.
    /// </summary>
    [Schedule]
    public string ReadBackSchedule { get; set; } = "0 30 * * * *";

    /// <summary>How long a certificate that is not verified is asked about, or one that nobody knows to have arrived.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00", ErrorMessage = "{0} must be 1 to 3650 days.")]
    public TimeSpan ReadBackFor { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long the ledger says whom a certificate was for, from its end on; what keeps it from being sent again stays. Long enough to
    /// answer what somebody asks about last year's course.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00", ErrorMessage = "{0} must be 1 to 3650 days.")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(730);

    /// <summary>Files that a sweep works on at the same time.</summary>
    [Range(1, 64, ErrorMessage = "{0} must be 1 to 64.")]
    public int SweepParallelism { get; set; } = 8;

    /// <summary>How long a sweep goes on taking up files. The next one goes on with the rest.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:07:00", ErrorMessage = "{0} must be 1 second to 7 minutes.")]
    public TimeSpan SweepBudget { get; set; } = TimeSpan.FromMinutes(4);
}

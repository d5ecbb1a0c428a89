namespace Springest.Functions.Certificates.Reports;

/// <summary>
/// The codes that say why a file is refused, or waits. They stay the same in every language; <see cref="Sentences"/> words them.
/// </summary>
public static class Reason
{
    // Refused by our checks.
    public const string UnknownSite = "unknown_site";
    public const string MetadataMissing = "metadata_missing";
    public const string SidecarUnreadable = "sidecar_unreadable";
    public const string FieldUnknown = "field_unknown";
    public const string FieldTwice = "field_twice";
    public const string SidecarMisnamed = "sidecar_misnamed";
    public const string SidecarWithoutFile = "sidecar_without_file";
    public const string CertificationIdMissing = "certification_id_missing";
    public const string CertificationIdInvalid = "certification_id_invalid";
    public const string CertificationUnknown = "certification_unknown";
    public const string CertificationNameUnknown = "certification_name_unknown";
    public const string CertificationAmbiguous = "certification_ambiguous";
    public const string CertificationMismatch = "certification_mismatch";
    public const string EmailMissing = "email_missing";
    public const string EmailInvalid = "email_invalid";
    public const string ValidFromMissing = "valid_from_missing";
    public const string ValidFromInvalid = "valid_from_invalid";
    public const string ValidUntilInvalid = "valid_until_invalid";
    public const string ValidUntilNeeded = "valid_until_needed";
    public const string ValidUntilTooEarly = "valid_until_before_valid_from";
    public const string BookingIdInvalid = "booking_id_invalid";
    public const string FileTypeNotAllowed = "file_type_not_allowed";
    public const string FileEmpty = "file_empty";
    public const string FileTooLarge = "file_too_large";
    public const string FileIsBase64 = "file_is_base64";
    public const string FileIsNotPdf = "file_is_not_pdf";
    public const string FileIsNotImage = "file_is_not_image";
    public const string FileIsCutOff = "file_is_cut_off";
    public const string FileIsReencoded = "file_is_reencoded";
    public const string PdfNeedsPassword = "pdf_needs_password";
    public const string PdfIsRestricted = "pdf_is_restricted";
    public const string PdfHasScript = "pdf_has_script";
    public const string PdfLaunches = "pdf_launches";
    public const string PdfHasAttachments = "pdf_has_attachments";
    public const string PdfIsOpaque = "pdf_is_opaque";
    public const string PdfHasNoPages = "pdf_has_no_pages";
    public const string Duplicate = "duplicate";

    // About manifests, and the files that they name.
    public const string ManifestMisnamed = "manifest_misnamed";
    public const string ManifestTwoLists = "manifest_two_lists";
    public const string ManifestTooLarge = "manifest_too_large";
    public const string ManifestNotUtf8 = "manifest_not_utf8";
    public const string ManifestNotWorkbook = "manifest_not_workbook";
    public const string ManifestNeedsPassword = "manifest_needs_password";
    public const string ManifestHeaderInvalid = "manifest_header_invalid";
    public const string ManifestColumnMissing = "manifest_column_missing";
    public const string ManifestColumnTwice = "manifest_column_twice";
    public const string ManifestColumnUnnamed = "manifest_column_unnamed";
    public const string ManifestQuoteOpen = "manifest_quote_open";
    public const string ManifestMerged = "manifest_merged";
    public const string ManifestNamesNoFile = "manifest_names_no_file";
    public const string ManifestFileInvalid = "manifest_file_invalid";
    public const string ManifestFileTwice = "manifest_file_twice";
    public const string ManifestLineTooLong = "manifest_line_too_long";
    public const string ManifestCellError = "manifest_cell_error";
    public const string ManifestCellUncomputed = "manifest_cell_uncomputed";
    public const string ManifestLineMissing = "manifest_line_missing";
    public const string ManifestRefused = "manifest_refused";
    public const string ManifestFilesMissing = "manifest_files_missing";
    public const string ManifestFilesRefused = "manifest_files_refused";
    public const string DateAmbiguous = "date_ambiguous";

    // Said of a list that was taken all the same.
    public const string ManifestWindows1252 = "manifest_windows_1252";

    // Said before an upload.
    public const string NameClash = "name_clash";

    // Refused by Springest.
    public const string RefusedBySpringest = "refused_by_springest";

    // Waiting.
    public const string WaitingForMetadata = "waiting_for_metadata";
    public const string WaitingForList = "waiting_for_list";
    public const string WaitingForFiles = "waiting_for_files";
    public const string WaitingForCatalogue = "waiting_for_catalogue";
    public const string WaitingForQuota = "waiting_for_quota";
    public const string WaitingForStorage = "waiting_for_storage";
    public const string WaitingForRetry = "waiting_for_retry";
    public const string WaitingForFirst = "waiting_for_first";
    public const string WaitingForSite = "waiting_for_site";
    public const string WaitingForCertification = "waiting_for_certification";
    public const string SendingStopped = "sending_stopped";
    public const string StillBeingWritten = "still_being_written";

    // For a person.
    public const string StorageRefusesFile = "storage_refuses_file";
    public const string NameNotUsable = "name_not_usable";
    public const string OutcomeUnknown = "outcome_unknown";

    // At an end without being submitted.
    public const string Replaced = "replaced";
    public const string LetThrough = "let_through";

    // What is said of sending as such, and of a duplicate that Springest gave no number.
    internal const string DuplicateUnnumbered = "duplicate_unnumbered";
    internal const string LedgerKeyLost = "ledger_key_lost";
    internal const string LedgerGap = "ledger_gap";
    internal const string LedgerUncopied = "ledger_uncopied";
    internal const string LedgerUnrestored = "ledger_unrestored";
}

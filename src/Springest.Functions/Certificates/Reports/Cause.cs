namespace Springest.Functions.Certificates.Reports;

/// <summary>
/// Why nobody knows what became of a request, why none was let in where that is no status of an answer, or why a file cannot be read: what
/// a sentence says within itself. Behind the name may stand what it speaks of, after vertical lines.
/// </summary>
public static class Cause
{
    public const string NoConnection = "no_connection";
    public const string NoAnswer = "no_answer";
    public const string Vanished = "vanished";
    public const string Restored = "restored";

    // Of sidecars.
    public const string Empty = "empty";
    public const string TooLarge = "too_large";
    public const string NotUtf8 = "not_utf8";
    public const string NotObject = "not_object";
    public const string NoField = "no_field";
    public const string NotText = "not_text";
    public const string HalfCharacter = "half_character";
    public const string Position = "position";

    // What storage says of a blob; other codes of its are said as they are.
    public const string Archived = "BlobArchived";
    public const string Rehydrating = "BlobBeingRehydrated";
    public const string Immutable = "BlobImmutableDueToPolicy";
    public const string Leased = "LeaseIdMissing";
    public const string Snapshots = "SnapshotsPresent";

    // Of workbooks.
    public const string Damaged = "damaged";
    public const string OldFormat = "old_format";
    public const string External = "external";
    public const string TooManyParts = "too_many_parts";
    public const string NoSheet = "no_sheet";

    /// <summary>A cause and what it speaks of.</summary>
    public static string With(string cause, params ReadOnlySpan<object> values)
        => string.Join('|', [cause, .. values.ToArray().Select(value => $"{value}".Replace('|', '/'))]);
}

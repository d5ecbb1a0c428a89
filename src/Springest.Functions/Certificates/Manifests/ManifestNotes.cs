using Springest.Functions.Certificates.Ledger;

namespace Springest.Functions.Certificates.Manifests;

/// <summary>What is noted of the files of a manifest, this version of it or an earlier one.</summary>
/// <param name="rows">By the keyed hash of the file's name.</param>
/// <param name="key">The ledger's.</param>
public sealed class ManifestNotes(IReadOnlyDictionary<string, ManifestLineEntity> rows, LedgerKey key)
{
    /// <summary>When each was made.</summary>
    public IEnumerable<DateTimeOffset> Times => rows.Values.Select(row => row.At);

    /// <summary>Of the file of a line; null if there is nothing.</summary>
    public ManifestLineEntity? Find(ManifestLine line) => rows.GetValueOrDefault(key.File(line.File));

    /// <summary>Whether a note was made when the line said the same.</summary>
    public bool IsOf(ManifestLineEntity note, ManifestLine line) => note.Line == key.Content(line.Text);
}

namespace Springest.Functions.Certificates.Manifests;

/// <summary>A row of a list, as it is written.</summary>
/// <param name="Number">The line that it begins in, or the row of the sheet; 1 for the first.</param>
/// <param name="Cells">Its cells from the first column on.</param>
internal readonly record struct ManifestRow(int Number, IReadOnlyList<ManifestCell> Cells)
{
    public bool IsBlank => Cells.All(cell => cell.Fault is null && string.IsNullOrWhiteSpace(cell.Text));
}

/// <summary>A cell of a list.</summary>
/// <param name="Text">What it shows.</param>
/// <param name="Fault">Why that is no value, if it is none.</param>
internal readonly record struct ManifestCell(string Text, string? Fault = null);

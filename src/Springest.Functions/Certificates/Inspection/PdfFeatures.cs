namespace Springest.Functions.Certificates.Inspection;

/// <summary>
/// What a PDF may have that a certificate need not. See <see cref="PdfScanner"/> for how it is told.
/// </summary>
[Flags]
public enum PdfFeatures
{
    None = 0,

    /// <summary>A password without which nobody can open it.</summary>
    NeedsPassword = 1,

    /// <summary>Programs that run when it is opened or clicked.</summary>
    JavaScript = 2,

    /// <summary>Actions that start other programs.</summary>
    Launch = 4,

    /// <summary>Other files inside.</summary>
    Attachments = 8,

    /// <summary>Restrictions on printing, copying or changing; it opens without a password.</summary>
    Restricted = 16,
}

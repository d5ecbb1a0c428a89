using System.Buffers;
using System.Security.Cryptography;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Inspection;

/// <summary>What one reading of a file tells: the hash of its bytes, how it begins, and what a PDF has in it.</summary>
/// <param name="Hash">SHA-256 in hexadecimal.</param>
/// <param name="Start">Its first bytes, at most <see cref="EdgeSize"/>.</param>
/// <param name="Pdf">What was found in it, if it is a PDF.</param>
/// <param name="IsReencoded">Whether something on its way took its bytes for text.</param>
internal sealed record FileInspection(string Hash, ReadOnlyMemory<byte> Start, PdfScanner Pdf, bool IsReencoded)
{
    /// <summary>How far from its beginning a PDF's mark may lie.</summary>
    private const int EdgeSize = 1024;

    /// <param name="content">A stream that can be read more than once.</param>
    public static async Task<FileInspection> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            byte[] start = [];
            var (pdf, reencoded) = (new PdfScanner(), new ReencodedBytes());
            while (await content.ReadAtLeastAsync(buffer, EdgeSize, throwOnEndOfStream: false, cancellationToken) is var length and > 0)
            {
                var part = buffer.AsSpan(0, length);
                hash.AppendData(part);
                if (start.Length == 0)
                    start = part[..Math.Min(length, EdgeSize)].ToArray();
                reencoded.Read(part);
                if (IsPdf(start))
                    pdf.Read(part);
            }

            pdf.End();
            if (pdf.Again() is { } again)
            {
                content.Position = 0;
                while (await content.ReadAsync(buffer, cancellationToken) is var length and > 0)
                    again.Read(buffer.AsSpan(0, length));
                again.End();
                pdf = again;
            }

            return new FileInspection(Convert.ToHexStringLower(hash.GetHashAndReset()), start, pdf, reencoded.Found);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The reason why these bytes cannot be a document of this type; null if they can.</summary>
    /// <param name="type">The type.</param>
    /// <param name="refused">What a PDF must not have.</param>
    public string? FindProblem(FileType type, PdfFeatures refused)
    {
        var start = Start.Span;
        if (type.Extension == ".pdf")
        {
            return !IsPdf(start) ? LooksLikeBase64(start) ? Reason.FileIsBase64 : Reason.FileIsNotPdf
                : IsReencoded ? Reason.FileIsReencoded
                : !Pdf.HasEnd ? Reason.FileIsCutOff
                // What is not to be looked into may have pages that nobody can see here.
                : ReasonFor(refused) ?? (Pdf.HasPage || Pdf.IsOpaque || Pdf.NeedsPassword ? null : Reason.PdfHasNoPages);
        }

        var isImage = type.Extension == ".png" ? start.StartsWith(_png) : start.StartsWith(_jpg);
        return isImage ? null
            : LooksLikeBase64(start) ? Reason.FileIsBase64
            : IsReencoded ? Reason.FileIsReencoded
            : Reason.FileIsNotImage;
    }

    private string? ReasonFor(PdfFeatures refused)
    {
        var found = Pdf.Features & refused;
        return found.HasFlag(PdfFeatures.NeedsPassword) ? Reason.PdfNeedsPassword
            : found.HasFlag(PdfFeatures.Restricted) ? Reason.PdfIsRestricted
            : found.HasFlag(PdfFeatures.JavaScript) ? Reason.PdfHasScript
            : found.HasFlag(PdfFeatures.Launch) ? Reason.PdfLaunches
            : found.HasFlag(PdfFeatures.Attachments) ? Reason.PdfHasAttachments
            // What needs a password nobody can look into; whoever minds refuses that itself.
            : Pdf.IsOpaque && !Pdf.NeedsPassword && (refused & ~PdfScanner.Encryptions) != 0 ? Reason.PdfIsOpaque
            : null;
    }

    private static bool IsPdf(ReadOnlySpan<byte> start) => start.IndexOf("%PDF-"u8) >= 0;

    private static bool LooksLikeBase64(ReadOnlySpan<byte> start)
        => start.StartsWith("data:"u8) || (start.Length >= 16 && start.IndexOfAnyExcept(_base64) < 0);

    private static readonly byte[] _png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private static readonly byte[] _jpg = [0xFF, 0xD8, 0xFF];

    private static readonly SearchValues<byte> _base64
        = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n"u8);
}

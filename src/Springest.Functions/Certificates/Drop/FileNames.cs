using System.Text.RegularExpressions;

namespace Springest.Functions.Certificates.Drop;

/// <summary>Names that tell that a file is no certificate, and nothing that anybody put there.</summary>
internal static partial class FileNames
{
    /// <summary>
    /// Whether a program has left a file by itself: what Windows and macOS note of folders, what Office and LibreOffice mark an open
    /// document with.
    /// </summary>
    public static bool IsLeftByProgram(string name)
        => Left().IsMatch(BlobNames.FileOf(name)) || OfFolder().IsMatch(name);

    /// <summary>Whether a program gives a file this name while it writes it, and another when it is whole.</summary>
    public static bool IsPart(string name) => Part().IsMatch(name);

    [GeneratedRegex(
        @"^(\.DS_Store|\.apdisk|\.localized|\.VolumeIcon\.icns|Icon\r|(eh)?thumbs(_vista)?\.db(:encryptable)?|desktop\.ini|folder\.htt" +
        @"|~\$.*|\._.*|\.~lock\..*#|\.fuse_hidden.*|\.nfs[0-9a-f]+|\.directory)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Left();

    [GeneratedRegex(
        @"(^|/)(__MACOSX|\.Spotlight-V100|\.Trashes|\.Trash-\d+|\.fseventsd|\.TemporaryItems|\$RECYCLE\.BIN|System Volume Information)/",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex OfFolder();

    [GeneratedRegex(
        @"\.(filepart|part|partial|crdownload|download|opdownload|uploading|~tmp)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Part();
}

namespace Springest.Functions.Certificates.Drop;

/// <summary>Names of blobs, which have at most 1,024 characters.</summary>
public static class BlobNames
{
    public const int MaxLength = 1024;

    /// <summary>A name without folders.</summary>
    public static string FileOf(string name) => name[(name.LastIndexOf('/') + 1)..];

    /// <summary>All folders of a name, with the slash at their end; empty if there is none.</summary>
    public static string FolderOf(string name) => name[..(name.LastIndexOf('/') + 1)];

    /// <summary>
    /// The name with a mark before its extension: for a file whose own name is taken, or leaves no room for what is put behind it.
    /// </summary>
    public static string Mark(string name, string mark, int roomBehind)
    {
        var extension = Path.GetExtension(name);
        // An absurdly long extension is not one.
        if (extension.Length > 16)
            extension = "";
        var stem = name[..^extension.Length];
        var length = Math.Min(stem.Length, MaxLength - roomBehind - extension.Length - mark.Length - 1);
        // Of a file such as .DS_Store there is nothing before the extension.
        if (length > 0 && char.IsHighSurrogate(stem[length - 1]))
            length--;
        return $"{stem.AsSpan(0, length)}~{mark}{extension}";
    }

    /// <summary>
    /// The name as a receiver elsewhere may see it: no control or formatting characters, nothing that means something in a header.
    /// </summary>
    public static string ForReceiver(string fileName)
    {
        var safe = string.Create(fileName.Length, fileName, static (span, name) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsLetterOrDigit(name[i]) || name[i] is ' ' or '-' or '_' or '.' or '(' or ')' or '@' or '+' ? name[i] : '_';
        });
        return safe.Length <= 120 ? safe : safe[..100] + safe[^20..];
    }
}

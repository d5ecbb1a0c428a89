namespace Springest.Functions.Certificates.Drop;

/// <summary>A type of file that can be submitted, if the setting allows it.</summary>
public sealed record FileType(string Extension, string MediaType)
{
    private static readonly FileType[] _all = [new(".pdf", "application/pdf"), new(".png", "image/png"), new(".jpg", "image/jpeg")];

    /// <summary>The type that a name tells; null if it is none of ours.</summary>
    public static FileType? Of(string name)
    {
        var extension = Path.GetExtension(name).ToLowerInvariant();
        return Array.Find(_all, type => type.Extension == (extension == ".jpeg" ? ".jpg" : extension));
    }
}

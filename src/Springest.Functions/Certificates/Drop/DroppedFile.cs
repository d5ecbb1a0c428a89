using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;

namespace Springest.Functions.Certificates.Drop;

/// <summary>A file in the drop, in one of its versions.</summary>
/// <param name="Name">Its name in the container.</param>
/// <param name="ETag">Its version.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Modified">When it was last written.</param>
/// <param name="Metadata">What its blob says of it.</param>
/// <param name="IsLeased">Whether somebody keeps it from being changed or removed, as tools do while they write.</param>
/// <param name="Grows">Whether it is of the kind that is written bit by bit.</param>
public sealed record DroppedFile(
    string Name,
    ETag ETag,
    long Size,
    DateTimeOffset Modified,
    IDictionary<string, string> Metadata,
    bool IsLeased = false,
    bool Grows = false)
{
    /// <summary>Metadata that says who uploaded it, where that was done by this app.</summary>
    public const string UploaderMark = "springest_uploaded_by";

    private static readonly TimeSpan _quiet = TimeSpan.FromMinutes(1);

    private const string SidecarExtension = ".json";

    /// <summary>Tells this version of this file from every other one: 32 hexadecimal digits. Says nothing about its name.</summary>
    public string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Name}\n{ETag}")).AsSpan(0, 16));

    /// <summary>The first folder of the name; empty if there is none.</summary>
    public string Folder => Name.IndexOf('/', StringComparison.Ordinal) is var end and > 0 ? Name[..end] : "";

    /// <summary>The name without folders.</summary>
    public string FileName => BlobNames.FileOf(Name);

    /// <summary>All folders of the name, with the slash at their end; empty if there is none.</summary>
    public string Path => BlobNames.FolderOf(Name);

    /// <summary>Name of the file's sidecar.</summary>
    public string Sidecar => Name + SidecarExtension;

    public static DroppedFile From(string name, BlobProperties blob)
        => new(
            name, blob.ETag, blob.ContentLength, blob.LastModified, blob.Metadata,
            blob.LeaseStatus == LeaseStatus.Locked, blob.BlobType != BlobType.Block);

    // Lists give ETags without the quotes that headers have.
    public static DroppedFile From(BlobItem blob)
        => new(
            blob.Name,
            new ETag(blob.Properties.ETag!.Value.ToString("H")),
            blob.Properties.ContentLength ?? 0,
            blob.Properties.LastModified ?? default,
            blob.Metadata,
            blob.Properties.LeaseStatus == LeaseStatus.Locked,
            blob.Properties.BlobType is not (null or BlobType.Block));

    /// <summary>Whether a name is a sidecar's, and of which file.</summary>
    public static bool IsSidecar(string name, out string file)
    {
        var isSidecar = name.EndsWith(SidecarExtension, StringComparison.Ordinal);
        file = isSidecar ? name[..^SidecarExtension.Length] : name;
        return isSidecar;
    }

    /// <summary>Whether a name was meant to be a sidecar's.</summary>
    public static bool IsMisnamedSidecar(string name)
        => name.EndsWith(SidecarExtension, StringComparison.OrdinalIgnoreCase) && !IsSidecar(name, out _);

    /// <summary>
    /// Whether a name can be addressed at all. Dot segments are resolved before a request is sent, so such a name would lead to another
    /// blob, or out of the container.
    /// </summary>
    public static bool IsAddressable(string name)
        => !name.Split('/', '\\').Any(segment => segment is "." or "..");

    /// <summary>Whether it may not be complete yet. Mounted drives and SFTP clients make an empty file first, and fill it then.</summary>
    public bool IsBeingWritten(DateTimeOffset now) => IsLeased || ((Grows || Size == 0) && Modified + _quiet > now);

    /// <summary>Whether this is no file but the mark of a folder, as made by storage tools.</summary>
    public bool IsFolder
        => Size == 0 && (Name.EndsWith('/') || Metadata.Any(entry
            => entry.Key.Equals("hdi_isfolder", StringComparison.OrdinalIgnoreCase)
                && !entry.Value.Equals("false", StringComparison.OrdinalIgnoreCase)));
}

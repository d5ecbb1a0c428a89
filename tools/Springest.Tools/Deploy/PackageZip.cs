using System.IO.Compression;

namespace Springest.Tools.Deploy;

/// <summary>The package as a file. The same content makes the same bytes, so that two builds can be compared.</summary>
internal static class PackageZip
{
    private static readonly DateTimeOffset Written = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Create(string folder, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.Delete(file);
        using var zip = ZipFile.Open(file, ZipArchiveMode.Create);
        // With what begins with a dot: the host's extensions are in .azurefunctions.
        foreach (
            var path in Directory
                .GetFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
                .Order(StringComparer.Ordinal))
        {
            var entry = zip.CreateEntry(Path.GetRelativePath(folder, path).Replace('\\', '/'));
            entry.LastWriteTime = Written;
            using var source = File.OpenRead(path);
            using var target = entry.Open();
            source.CopyTo(target);
        }
    }

    /// <summary>The files of a package, by their paths in it.</summary>
    public static Dictionary<string, byte[]> Read(string file)
    {
        using var zip = ZipFile.OpenRead(file);
        return zip.Entries.Where(entry => !entry.FullName.EndsWith('/')).ToDictionary(entry => entry.FullName, entry =>
        {
            using var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            return content.ToArray();
        });
    }
}

namespace Springest.Testing;

/// <summary>The checkout that the running program was built from.</summary>
public static class Repository
{
    // artifacts/bin/PROJECT/CONFIGURATION/
    private static readonly DirectoryInfo Output = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    public static string Root { get; } = Output.Parent!.Parent!.Parent!.Parent!.FullName;

    public static string PathOf(string file) => Path.Combine(Root, file);

    public static string Read(string file) => File.ReadAllText(PathOf(file));

    /// <summary>The folder of what was published of a project, built as this one is.</summary>
    public static string Published(string project) => PathOf($"artifacts/publish/{project}/{Output.Name}");

    /// <summary>A program of this checkout, built as this one is.</summary>
    public static string Program(string project) => PathOf($"artifacts/bin/{project}/{Output.Name}/{project}.dll");
}

namespace Springest.Functions.Tests.Infrastructure;

/// <summary>Files at the root of the repository, for tests that compare them with the code.</summary>
internal static class RepositoryFiles
{
    private static readonly string Root = FindRoot();

    public static string Read(string name) => File.ReadAllText(Path.Combine(Root, name));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "local.settings.sample.json")))
            folder = folder.Parent ?? throw new InvalidOperationException("local.settings.sample.json is in no folder above the tests.");
        return folder.FullName;
    }
}

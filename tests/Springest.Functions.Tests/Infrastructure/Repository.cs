namespace Springest.Functions.Tests.Infrastructure;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "local.settings.sample.json")))
            folder = folder.Parent ?? throw new InvalidOperationException("local.settings.sample.json is in no folder above the tests.");
        return folder.FullName;
    }
}

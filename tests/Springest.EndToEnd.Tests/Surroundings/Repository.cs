namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>Where things are in the checkout that the tests were built in.</summary>
internal static class Repository
{
    // artifacts/bin/PROJECT/CONFIGURATION/
    private static readonly DirectoryInfo Output = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
    private static readonly string Artifacts = Output.Parent!.Parent!.Parent!.FullName;

    /// <summary>Where the local hosts' logs go, beside the results.</summary>
    public static string Logs => Directory.CreateDirectory(Path.Combine(Artifacts, "test-results", "end-to-end")).FullName;

    /// <summary>The settings that every app begins with.</summary>
    public static string SampleSettings => PathOf("local.settings.sample.json");

    /// <summary>A file of the checkout.</summary>
    public static string PathOf(string file) => Path.Combine(Path.GetDirectoryName(Artifacts)!, file);

    /// <summary>A program that is built with the tests.</summary>
    public static string Program(string project) => Path.Combine(Artifacts, "bin", project, Output.Name, $"{project}.dll");
}

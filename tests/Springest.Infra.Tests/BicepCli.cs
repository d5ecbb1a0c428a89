using System.Diagnostics;
using System.Reflection;
using Springest.Testing;

namespace Springest.Infra.Tests;

/// <summary>The Bicep CLI: that of the package feed, or one that the machine has.</summary>
internal static class BicepCli
{
    public const string Missing = "The Bicep CLI is not on this machine. Put it on the PATH, or name it by the environment variable BICEP.";

    private static readonly string? Found = Find();

    public static bool IsThere => Found is not null;

    /// <summary>Runs it in the root of the checkout.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        IEnumerable<string> arguments, Dictionary<string, string>? environment = null)
    {
        Assert.SkipUnless(IsThere, Missing);
        var start = new ProcessStartInfo(Found!, arguments) { WorkingDirectory = Repository.Root };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        return await start.RunToEndAsync();
    }

    private static string? Find()
    {
        var name = OperatingSystem.IsWindows() ? "bicep.exe" : "bicep";
        var package = typeof(BicepCli).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == "Bicep").Value!;
        return new[] { Environment.GetEnvironmentVariable("BICEP"), package, package + ".exe" }
            .Concat(
                (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }
}

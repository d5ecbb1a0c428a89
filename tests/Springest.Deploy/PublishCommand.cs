using System.Text.RegularExpressions;

namespace Springest.Deploy;

/// <summary>Builds the package that Azure runs, and does not let out one that it would not run or that holds what it must not.</summary>
internal static partial class PublishCommand
{
    public const string Package = "artifacts/package/springest-functions.zip";

    private const string Folder = "artifacts/package/app";
    private const string Project = "src/Springest.Functions/Springest.Functions.csproj";

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Console.WriteLine("» Publishing (nuget)");
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        await BuildAsync(["publish", Project, "-o", Folder]);

        Console.WriteLine("» Checking the package");
        var secrets = LocalSecrets.Read("local.settings.json");
        PackageZip.Create(Folder, Package);
        var problems = new PackageCheck(PackageZip.Read(Package), PackageCheck.FunctionsOfTheApp(), secrets).Run();
        if (problems.Count > 0)
        {
            File.Delete(Package);
            throw new Stop($"The package cannot be deployed:\n{string.Join('\n', problems.Select(problem => $"- {problem}"))}");
        }

        cancellationToken.ThrowIfCancellationRequested();
        Console.WriteLine($"{Package}, {new FileInfo(Package).Length / 1024 / 1024.0:0.0} MB");
        return 0;
    }

    /// <summary>Runs a build with Microsoft's packages.</summary>
    /// <exception cref="Stop">It failed; where the feed lacks packages it says which.</exception>
    public static async Task BuildAsync(IEnumerable<string> arguments)
    {
        var result = await Tool.TryRunAsync("dotnet", [.. arguments, "-c", "Release", "-p:AzurePackages=nuget", "-nologo", "-v", "quiet"])
            ?? throw new Stop("The .NET SDK is needed for this, and `dotnet` is not on the PATH.");
        if (result.ExitCode == 0)
            return;
        var said = result.Output + result.Errors;
        var lacking = Lacking(said);
        throw new Stop(lacking.Count > 0
            ? $"""
                What runs in Azure is built from Microsoft's own packages, and this package feed lacks:
                {string.Join('\n', lacking.Select(package => $"- {package}"))}
                Run this where a feed has them, such as nuget.org. `dotnet nuget list source` tells which feeds are asked.
                """
            : $"The build failed. It said:\n{string.Join('\n', said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().TakeLast(20))}");
    }

    /// <summary>The packages that a restore did not find, out of what it said.</summary>
    internal static IReadOnlyList<string> Lacking(string said)
        => [.. NotFound().Matches(said).Select(match => match.Groups["package"].Value.TrimEnd('.')).Distinct().Order(StringComparer.OrdinalIgnoreCase)];

    [GeneratedRegex(@"NU110[123]: Unable to find (a stable )?package (?<package>[\w.-]+( with version \([^)]*\))?)|error NU1603: .* but (?<package>[\w.-]+ [\w.-]+) was not found")]
    private static partial Regex NotFound();
}

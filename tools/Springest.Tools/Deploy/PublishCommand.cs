namespace Springest.Tools.Deploy;

/// <summary>
/// Builds the package that Azure runs, with its bill of materials, and does not let out one that it would not run or that holds what it
/// must not.
/// </summary>
internal static class PublishCommand
{
    public const string Package = "artifacts/package/springest-functions.zip";
    public const string Bill = "artifacts/package/springest-functions.cdx.json";

    private const string Folder = "artifacts/package/app";
    private const string Project = "src/Springest.Functions/Springest.Functions.csproj";

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Console.WriteLine("» Publishing");
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
            throw new UserErrorException(
                $"The package cannot be deployed:\n{string.Join('\n', problems.Select(problem => $"- {problem}"))}");
        }

        await File.WriteAllBytesAsync(Bill, BillOfMaterials.Make(Package), cancellationToken);
        Console.WriteLine($"{Package}, {new FileInfo(Package).Length / 1024 / 1024.0:0.0} MB");
        return 0;
    }

    /// <exception cref="UserErrorException">It failed.</exception>
    public static async Task BuildAsync(IEnumerable<string> arguments)
    {
        var result = await CommandLine.TryRunAsync("dotnet", [.. arguments, "-c", "Release", "-nologo", "-v", "quiet"])
            ?? throw new UserErrorException("The .NET SDK is needed for this, and `dotnet` is not on the PATH.");
        if (result.ExitCode == 0)
            return;
        var lines = (result.Output + result.Errors).Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().TakeLast(20);
        throw new UserErrorException($"The build failed. It said:\n{string.Join('\n', lines)}");
    }
}

using System.Diagnostics;
using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Springest.Testing;
using Springest.Tools.Deploy;

namespace Springest.Tools.Run;

/// <summary>The build for Azure, on this machine under Microsoft's own host.</summary>
internal static class FuncCommand
{
    private const string Project = "src/Springest.Functions/Springest.Functions.csproj";
    private const string Output = "artifacts/bin/Springest.Functions/release";

    // What the platform calls the app in its storage.
    private const string HostId = "springest";

    public static async Task<int> RunAsync(IReadOnlyList<string> options, CancellationToken cancellationToken)
    {
        if (options is not ([] or ["--port", _]))
            throw new UserErrorException("dotnet dev.cs run --func [--port N]");
        if (await CommandLine.TryRunAsync("func", ["--version"]) is not { } version)
            throw new UserErrorException(
                "Azure Functions Core Tools 4 are needed for this, and `func` is not on the PATH. Get them from "
                    + "https://learn.microsoft.com/azure/azure-functions/functions-run-local. Without them, `dotnet dev.cs run` runs "
                    + "the app in a host of its own.");
        if (!version.Output.StartsWith("4.", StringComparison.Ordinal))
            throw new UserErrorException($"Azure Functions Core Tools 4 are needed for this; `func` is {version.Output.Trim()}.");
        var settings = AppSettings.Read(AppSettings.FileName);

        Console.WriteLine("» Building");
        await PublishCommand.BuildAsync(["build", Project]);
        var isLocal = settings["AzureWebJobsStorage"] is DevelopmentStorage.Connection;
        await using var azurite = await DevelopmentStorage.StartAsync(settings, cancellationToken);
        if (isLocal)
            await PutKeysAsync(settings, cancellationToken);
        Console.WriteLine($"» func start in {Output}");
        // Core Tools let everybody in, unless they are told not to.
        var start = new ProcessStartInfo(
            CommandLine.Find("func"),
            ["start", "--no-build", .. isLocal ? ["--enableAuth"] : Array.Empty<string>(), .. options])
        {
            WorkingDirectory = Path.GetFullPath(Output),
            Environment = { ["AzureFunctionsWebHost__hostid"] = HostId, [RunKeys.Setting] = RunKeys.Make(settings) },
        };
        using var func = Process.Start(start)!;
        await using var ending = cancellationToken.Register(() => func.Terminate());
        await func.WaitForExitAsync(CancellationToken.None);
        return func.ExitCode;
    }

    /// <summary>Gives the host the keys that `dotnet dev.cs run` takes, where it looks for its own: it would make up others.</summary>
    private static async Task PutKeysAsync(IConfiguration settings, CancellationToken cancellationToken)
    {
        if (Key("LocalHost:FunctionKey", "default") is not { } function)
            throw new UserErrorException(
                $"{AppSettings.FileName} lacks LocalHost__FunctionKey: choose any text, as in local.settings.sample.json.");
        // The host's own addresses, which tests use.
        var master = Key("LocalHost:MasterKey", "master")
            ?? new HostKey("master", RandomNumberGenerator.GetHexString(64), encrypted: false);
        var container = new BlobServiceClient(DevelopmentStorage.Connection).GetBlobContainerClient("azure-webjobs-secrets");
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var system = Key("LocalHost:SystemKey", "blobs_extension");
        var keys = new
        {
            masterKey = master,
            functionKeys = new[] { function },
            systemKeys = system is null ? [] : new[] { system },
        };
        await container
            .GetBlobClient($"{HostId}/host.json")
            .UploadAsync(BinaryData.FromObjectAsJson(keys), overwrite: true, cancellationToken);

        HostKey? Key(string setting, string name)
            => settings[setting] is { Length: > 0 } value ? new HostKey(name, value, encrypted: false) : null;
    }

    // Named as the host names it.
    private sealed record HostKey(string name, string value, bool encrypted);
}

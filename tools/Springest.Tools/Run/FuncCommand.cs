using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Azure.Storage.Blobs;
using Springest.Testing;
using Springest.Tools.Deploy;

namespace Springest.Tools.Run;

/// <summary>The build for Azure, on this machine under Microsoft's own host.</summary>
internal static class FuncCommand
{
    private const string Settings = "local.settings.json";
    private const string Project = "src/Springest.Functions/Springest.Functions.csproj";
    private const string Output = "artifacts/bin/Springest.Functions/release";
    private const string DevelopmentStorage = "UseDevelopmentStorage=true";

    // What the platform calls the app in its storage.
    private const string HostId = "springest";
    private static readonly (int Blobs, int Queues, int Tables) DevelopmentPorts = (10000, 10001, 10002);

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
        if (!File.Exists(Settings))
            throw new UserErrorException($"{Settings} is not there. Copy local.settings.sample.json to it and fill in your site's key.");

        Console.WriteLine("» Building");
        await PublishCommand.BuildAsync(["build", Project]);
        var settings = await ReadSettingsAsync(cancellationToken);
        var isLocal = settings.GetValueOrDefault("AzureWebJobsStorage") is DevelopmentStorage;
        await using var azurite = isLocal ? await StartAzuriteAsync(cancellationToken) : null;
        if (isLocal)
            await PutKeysAsync(settings, cancellationToken);
        Console.WriteLine($"» func start in {Output}");
        // Core Tools let everybody in, unless they are told not to.
        var start = new ProcessStartInfo(
            CommandLine.Find("func"),
            ["start", "--no-build", .. isLocal ? ["--enableAuth"] : Array.Empty<string>(), .. options])
        {
            WorkingDirectory = Path.GetFullPath(Output),
            Environment = { ["AzureFunctionsWebHost__hostid"] = HostId },
        };
        using var func = Process.Start(start)!;
        await using var ending = cancellationToken.Register(() => func.Terminate());
        await func.WaitForExitAsync(CancellationToken.None);
        return func.ExitCode;
    }

    private static async Task<Dictionary<string, string>> ReadSettingsAsync(CancellationToken cancellationToken)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        using var settings = JsonDocument.Parse(await File.ReadAllTextAsync(Settings, cancellationToken), options);
        return settings
            .RootElement.GetProperty("Values")
            .EnumerateObject()
            .ToDictionary(value => value.Name, value => value.Value.ToString());
    }

    private static async Task<Azurite?> StartAzuriteAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, DevelopmentPorts.Blobs, cancellationToken);
            return null;
        }
        catch (SocketException)
        {
            Console.WriteLine("» Starting Azurite");
            return await Azurite.StartAsync(Directory.CreateDirectory("artifacts/run").FullName, DevelopmentPorts, cancellationToken);
        }
    }

    /// <summary>Gives the host the keys that `dotnet dev.cs run` takes, where it looks for its own: it would make up others.</summary>
    private static async Task PutKeysAsync(Dictionary<string, string> settings, CancellationToken cancellationToken)
    {
        if (Key("LocalHost__FunctionKey", "default") is not { } function || Key("LocalHost__MasterKey", "master") is not { } master)
            throw new UserErrorException(
                $"{Settings} lacks LocalHost__FunctionKey or LocalHost__MasterKey: choose any text for each, as in "
                    + "local.settings.sample.json.");
        var container = new BlobServiceClient(DevelopmentStorage).GetBlobContainerClient("azure-webjobs-secrets");
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        var system = Key("LocalHost__SystemKey", "blobs_extension");
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
            => settings.GetValueOrDefault(setting) is { Length: > 0 } value ? new HostKey(name, value, encrypted: false) : null;
    }

    // Named as the host names it.
    private sealed record HostKey(string name, string value, bool encrypted);
}

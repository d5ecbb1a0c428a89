using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Springest.Testing;

namespace Springest.Deploy;

/// <summary>The build for Azure, on this machine under Microsoft's own host.</summary>
internal static class FuncCommand
{
    private const string Settings = "local.settings.json";
    private const string Project = "src/Springest.Functions/Springest.Functions.csproj";
    private const string Output = "artifacts/bin/Springest.Functions/release";
    private static readonly (int Blobs, int Queues, int Tables) DevelopmentPorts = (10000, 10001, 10002);

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (await Tool.TryRunAsync("func", ["--version"]) is not { } version)
            throw new Stop(
                "Azure Functions Core Tools 4 are needed for this, and `func` is not on the PATH. Get them from "
                + "https://learn.microsoft.com/azure/azure-functions/functions-run-local. Without them, `dotnet dev.cs run` runs the app in a host of its own.");
        if (!version.Output.StartsWith("4.", StringComparison.Ordinal))
            throw new Stop($"Azure Functions Core Tools 4 are needed for this; `func` is {version.Output.Trim()}.");
        if (!File.Exists(Settings))
            throw new Stop($"{Settings} is not there. Copy local.settings.sample.json to it and fill in your site's key.");

        Console.WriteLine("» Building");
        await PublishCommand.BuildAsync(["build", Project]);
        await using var azurite = await StartAzuriteAsync(cancellationToken);
        Console.WriteLine($"» func start in {Output}");
        var start = new ProcessStartInfo(Tool.Find("func"), ["start", "--no-build"]) { WorkingDirectory = Path.GetFullPath(Output) };
        using var func = Process.Start(start)!;
        await using var ending = cancellationToken.Register(() => func.Terminate());
        await func.WaitForExitAsync(CancellationToken.None);
        return func.ExitCode;
    }

    private static async Task<Azurite?> StartAzuriteAsync(CancellationToken cancellationToken)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        using var settings = JsonDocument.Parse(await File.ReadAllTextAsync(Settings, cancellationToken), options);
        if (settings.RootElement.GetProperty("Values").GetProperty("AzureWebJobsStorage").GetString() != "UseDevelopmentStorage=true")
            return null;
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
}

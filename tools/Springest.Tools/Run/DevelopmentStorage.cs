using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Springest.Testing;

namespace Springest.Tools.Run;

/// <summary>The storage emulator, where the settings ask for it.</summary>
internal static class DevelopmentStorage
{
    public const string Connection = "UseDevelopmentStorage=true";

    // The ports that the connection string means.
    private static readonly (int Blobs, int Queues, int Tables) Ports = (10000, 10001, 10002);

    /// <summary>Starts Azurite; null if it is not asked for, or somebody has started it already.</summary>
    public static async Task<Azurite?> StartAsync(IConfiguration settings, CancellationToken cancellationToken)
    {
        if (settings["AzureWebJobsStorage"] is not Connection)
            return null;
        if (await IsListeningAsync(Ports.Tables, cancellationToken))
        {
            Screen.Say($"Using the storage emulator that listens on ports {Ports.Blobs} to {Ports.Tables}.");
            return null;
        }

        var data = Directory.CreateDirectory(Path.Combine("artifacts", "run")).FullName;
        return await Screen.StepAsync(
            $"Azurite, with its data in {data}", () => Azurite.StartAsync(data, Ports, cancellationToken: cancellationToken));
    }

    private static async Task<bool> IsListeningAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Springest.Testing;

/// <summary>Azurite, Microsoft's storage emulator, as a process of its own on free ports.</summary>
public sealed partial class Azurite : IAsyncDisposable
{
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly Process _process;
    private readonly bool _keepsData;

    private Azurite(Process process, bool keepsData, string blobs, string queues, string tables)
    {
        (_process, _keepsData) = (process, keepsData);
        (BlobEndpoint, QueueEndpoint, TableEndpoint) = (new Uri(blobs), new Uri(queues), new Uri(tables));
    }

    public Uri BlobEndpoint { get; }

    public Uri QueueEndpoint { get; }

    public Uri TableEndpoint { get; }

    /// <summary>True if it ended by itself.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>For the clients of blobs, queues and tables. The key is the one that every Azurite has.</summary>
    public string ConnectionString => ConnectionStringFor(BlobEndpoint, QueueEndpoint, TableEndpoint);

    /// <summary>The same account seen through other addresses, such as a proxy's.</summary>
    public static string ConnectionStringFor(Uri blobs, Uri queues, Uri tables)
        => $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={AccountKey};" +
           $"BlobEndpoint={blobs}devstoreaccount1;QueueEndpoint={queues}devstoreaccount1;TableEndpoint={tables}devstoreaccount1;";

    /// <summary>Starts Azurite and waits until its three services listen.</summary>
    /// <param name="location">A folder to keep the data in; null keeps it in memory.</param>
    /// <param name="ports">Ports of blobs, queues and tables; null takes free ones.</param>
    /// <param name="indexed">Whether it finds what it is asked for as fast as the real service; false for Azurite as it comes.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="StartException">It could not start; the message says why and what to do.</exception>
    public static async Task<Azurite> StartAsync(
        string? location = null, (int Blobs, int Queues, int Tables)? ports = null, bool indexed = true,
        CancellationToken cancellationToken = default)
    {
        var (blobs, queues, tables) = ports ?? (0, 0, 0);
        var script = FindScript();
        string[] storage = location is null ? ["--inMemoryPersistence"] : ["--location", location];
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        string[] scripts = indexed ? ["outlive.mjs", "take-index.mjs"] : ["outlive.mjs"];
        foreach (
            var argument in (string[])
                [
                    .. scripts.Select(file => $"--import={new Uri(Repository.PathOf($"tests/Springest.Testing/{file}")).AbsoluteUri}"),
                    script,
                    .. storage,
                    "--silent",
                    "--skipApiVersionCheck",
                    "--disableTelemetry",
                    "--blobPort",
                    $"{blobs}",
                    "--queuePort",
                    $"{queues}",
                    "--tablePort",
                    $"{tables}",
                    // Longer than any client keeps an idle connection, so that none is closed under a request.
                    "--blobKeepAliveTimeout",
                    "600",
                    "--queueKeepAliveTimeout",
                    "600",
                    "--tableKeepAliveTimeout",
                    "600",
                ])
            start.ArgumentList.Add(argument);

        var process = Start(start);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(5));
        try
        {
            var endpoints = await ReadEndpointsAsync(process, patience.Token);
            // Nobody reads what it says from here on, but somebody must take it.
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return new Azurite(process, location is not null, endpoints["Blob"], endpoints["Queue"], endpoints["Table"]);
        }
        catch
        {
            await process.EndAsync(TimeSpan.Zero);
            process.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // What it has acknowledged lately, it writes to its folder when it is asked to end.
        await _process.EndAsync(_keepsData ? TimeSpan.FromSeconds(15) : TimeSpan.Zero);
        _process.Dispose();
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new StartException("Azurite cannot be started: node is not to be found. Get it from https://nodejs.org/.");
        }
    }

    private static async Task<Dictionary<string, string>> ReadEndpointsAsync(Process process, CancellationToken cancellationToken)
    {
        var endpoints = new Dictionary<string, string>();
        var said = new StringBuilder();
        while (endpoints.Count < 3)
        {
            if (await process.StandardOutput.ReadLineAsync(cancellationToken) is not { } line)
            {
                said.Append(await process.StandardError.ReadToEndAsync(cancellationToken));
                throw new StartException($"Azurite stopped while starting. It said:\n{said}");
            }

            said.AppendLine(line);
            if (Listening().Match(line) is { Success: true } match)
                endpoints[match.Groups["service"].Value] = match.Groups["address"].Value;
        }

        return endpoints;
    }

    private static string FindScript()
    {
        var script = Repository.PathOf("node_modules/azurite/dist/src/azurite.js");
        return File.Exists(script) ? script : throw new StartException($"Azurite is not installed. Run `npm ci` in {Repository.Root}.");
    }

    [GeneratedRegex(@"Azurite (?<service>\w+) service is successfully listening at (?<address>http://\S+)")]
    private static partial Regex Listening();
}

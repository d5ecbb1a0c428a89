using System.Collections.Concurrent;
using Springest.Functions.Catalogue.Api;
using Springest.Simulator;
using Springest.Testing;
using Springest.Testing.Catalogue;

namespace Springest.Benchmarks.Catalogue;

/// <summary>A full pass over data that have not changed, every write to storage counted on its way.</summary>
internal static class UnchangedPass
{
    public static async Task RunAsync(
        Report report,
        Azurite azurite,
        SimulatorServer simulator,
        string prefix,
        CancellationToken cancellationToken)
    {
        var writes = new ConcurrentBag<string>();
        await using var proxy = await StorageProxy.StartAsync(azurite, cancellationToken);
        proxy.Exchange = async (request, send) =>
        {
            if (
                request.Method != "GET"
                && !request.Path.Value!.Contains("Quota", StringComparison.Ordinal)
                && !request.Path.Value.Contains("MirrorState", StringComparison.Ordinal))
                writes.Add(await DescribeAsync(request));
            return await send();
        };
        var storage = MirrorProcess.Storage(azurite.ConnectionString, prefix);
        var before = (await MirrorProcess.StatusAsync(storage, cancellationToken))!.FullPassCompleted;
        var settings = new Dictionary<string, string>
        {
            ["Springest__Mirror__Trainings__FullPassInterval"] = "00:00:30",
            ["Springest__Mirror__SnapshotsKept"] = "0",
        };
        simulator.Requests.Clear();
        await using (await MirrorProcess.StartAsync(proxy.ConnectionString, prefix, simulator, settings, cancellationToken))
        {
            ResourceStatus? status;
            do
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
                status = await MirrorProcess.StatusAsync(storage, cancellationToken);
            }
            while (status!.FullPassCompleted == before);
        }

        var pages = simulator.Requests.Count;
        report.AtMost(
            0,
            $"unchanged pass over {pages} pages: rows and changes written",
            writes.Count(write =>
                write.Contains($"/{prefix}Trainings", StringComparison.Ordinal)
                || write.Contains($"/{prefix}Changes", StringComparison.Ordinal)),
            "writes");
        report.AtMost(
            1,
            "unchanged pass: checkpoints for each page",
            (double)
                writes.Count(write =>
                    write.Contains("MirrorPages", StringComparison.Ordinal) && !write.Contains("DELETE", StringComparison.Ordinal)) / pages,
            "writes");
    }

    /// <summary>The address; of a transaction the first one inside it.</summary>
    private static async Task<string> DescribeAsync(Microsoft.AspNetCore.Http.HttpRequest request)
    {
        if (!request.Path.Value!.EndsWith("$batch", StringComparison.Ordinal))
            return $"{request.Method} {request.Path}";
        request.Body.Position = 0;
        using var reader = new StreamReader(request.Body, leaveOpen: true);
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Contains("HTTP/1.1", StringComparison.Ordinal))
                return line;
        }

        return "";
    }
}

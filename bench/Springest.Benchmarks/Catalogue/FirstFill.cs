using Springest.Functions.Catalogue;
using Springest.Testing.Catalogue;
using Springest.Simulator;

namespace Springest.Benchmarks.Catalogue;

/// <summary>A mirror filled from nothing by a process of its own, snapshot included.</summary>
/// <param name="Requests">To the API.</param>
/// <param name="Time">From the beginning of the pass to its end.</param>
/// <param name="Processor">Of the app, its start included.</param>
/// <param name="Memory">The most that the app had, in MB, the snapshot included.</param>
internal sealed record FirstFill(int Requests, TimeSpan Time, TimeSpan Processor, double Memory)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static async Task<FirstFill> RunAsync(
        string connection,
        SimulatorServer simulator,
        string prefix,
        CancellationToken cancellationToken)
    {
        simulator.Requests.Clear();
        await using var app = await MirrorProcess.StartAsync(connection, prefix, simulator, cancellationToken: cancellationToken);
        var storage = MirrorProcess.Storage(connection, prefix);
        TimeSpan time;
        while (true)
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            if (await MirrorProcess.StatusAsync(storage, cancellationToken) is { FullPassCompleted: { } end } status)
            {
                time = end - status.Fresh!.Value;
                break;
            }
        }

        var (requests, processor) = (simulator.Requests.Count, app.ProcessorTime);
        var snapshot = storage.Container(CatalogueStorage.Snapshots).GetBlobClient("nl/trainings/latest.json");
        while (!await snapshot.ExistsAsync(cancellationToken))
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        return new FirstFill(requests, time, processor, app.PeakMemory / 1e6);
    }
}

using Springest.EndToEnd.Tests.Surroundings;

namespace Springest.EndToEnd.Tests.Outside;

/// <summary>How many workers run the functions.</summary>
public enum Topology
{
    OneWorker,
    WorkerPerScaleGroup,
}

/// <summary>What is seen from outside only, and so holds for every host: the local one in both topologies, Core Tools, Azure.</summary>
[Trait("Part", "Outside")]
public abstract class OutsideTests(World world, Topology topology) : IAsyncLifetime
{
    protected App App { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
        => App = await (topology is Topology.OneWorker ? world.OneWorkerAsync() : world.WorkerPerScaleGroupAsync());

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

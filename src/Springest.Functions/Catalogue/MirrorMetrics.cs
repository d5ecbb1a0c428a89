using System.Diagnostics.Metrics;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Sync;

namespace Springest.Functions.Catalogue;

/// <summary>What the mirror does, as metrics of the meter <c>Springest.Functions.Mirror</c>.</summary>
public sealed class MirrorMetrics
{
    private readonly Counter<long> _runs;
    private readonly Counter<long> _rows;

    public MirrorMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Springest.Functions.Mirror");
        _runs = meter.CreateCounter<long>("springest.mirror.runs", "{run}", "Runs over a resource, by outcome.");
        _rows = meter.CreateCounter<long>("springest.mirror.rows", "{row}", "Rows written because a record changed.");
    }

    internal void Ran(MirrorScope scope, SyncOutcome? outcome)
        => _runs.Add(
            1, new("site", scope.Site), new("resource", scope.Resource.Name), new("outcome", outcome?.ToString() ?? "Failed"));

    /// <param name="change">What happened, as the row itself says.</param>
    /// <param name="source">By what it came, as the row itself says.</param>
    internal void Written(MirrorScope scope, string? change, string? source, int rows)
        => _rows.Add(
            rows, [new("site", scope.Site), new("resource", scope.Resource.Name), new("change", change), new("source", source)]);
}

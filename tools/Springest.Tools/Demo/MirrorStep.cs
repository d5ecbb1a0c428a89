using System.Diagnostics;
using Azure;
using Azure.Data.Tables.Models;
using Spectre.Console;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Storage;
using Springest.Simulator;

namespace Springest.Tools.Demo;

/// <summary>Shows the catalogue being mirrored until every resource has had its full pass.</summary>
internal sealed class MirrorStep(AppStorage storage, SimulatorServer simulator)
{
    private const string What = "The catalogue is mirrored";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!Screen.IsLive)
        {
            await Screen.StepAsync(
                What,
                tell => FollowAsync(
                    all => tell($"{all.Sum(one => one.Records):N0} records, {simulator.Requests.Count:N0} requests"), cancellationToken));
            return;
        }

        var watch = Stopwatch.StartNew();
        await AnsiConsole
            .Progress()
            .Columns(
                new SpinnerColumn(),
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn())
            .StartAsync(screen =>
            {
                var bars = MirroredResources.All.ToDictionary(
                    one => one.Name, one => screen.AddTask($"{one.Name,-14}", maxValue: simulator.Catalogue[one.Path]!.Count));
                return FollowAsync(all => all.ForEach(status => Show(bars[status.Resource], status)), cancellationToken);
            });
        Screen.Done(What, watch.Elapsed);
    }

    /// <summary>Shows how all resources stand, time and again, until each has been seen whole.</summary>
    private async Task FollowAsync(Action<List<ResourceStatus>> show, CancellationToken cancellationToken)
    {
        var remaining = MirroredResources.All.Select(one => one.Name).ToHashSet();
        while (remaining.Count > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
            var all = await ReadAsync(cancellationToken);
            remaining.ExceptWith(all.Where(IsWhole).Select(status => status.Resource));
            show(all);
        }
    }

    private async Task<List<ResourceStatus>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await new CatalogueStatus(storage).ReadAsync(cancellationToken).ToListAsync(cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == TableErrorCode.TableNotFound)
        {
            // Where storage is slow, the app listens before it has made its tables.
            return [];
        }
    }

    private static bool IsWhole(ResourceStatus status) => status is { Pass: null, FullPassCompleted: not null };

    private void Show(ProgressTask bar, ResourceStatus status)
    {
        bar.Description = status.Pass is { } pass
            ? $"{status.Resource,-14} {pass.Read,6} records {pass.Pages,4} pages, quota used {simulator.Requests.Count}"
            : $"{status.Resource,-14} {status.Records,6} records";
        if (IsWhole(status))
        {
            bar.Value = bar.MaxValue;
            bar.StopTask();
        }
        else if (status.Pass is { Total: { } total } page)
        {
            bar.MaxValue = Math.Max(total, 1);
            bar.Value = Math.Min(page.Read, bar.MaxValue - 1);
        }
    }
}

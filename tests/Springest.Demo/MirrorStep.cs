using Spectre.Console;
using Springest.Functions.Catalogue;
using Springest.Functions.Storage;
using Springest.Simulator;

namespace Springest.Demo;

/// <summary>Shows the catalogue being mirrored until every resource has had its full pass.</summary>
internal static class MirrorStep
{
    public static Task RunAsync(AppStorage storage, SimulatorServer simulator, CancellationToken cancellationToken)
        => AnsiConsole.Progress()
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async screen =>
            {
                var bars = ResourceDescription.All.ToDictionary(
                    one => one.Name, one => screen.AddTask(Describe(one.Name, null, 0), maxValue: simulator.Catalogue[one.Path]!.Count));
                while (bars.Values.Any(bar => !bar.IsFinished))
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
                    await foreach (var status in new MirrorStatus(storage).ReadAsync(cancellationToken))
                        Show(bars[status.Resource], status, simulator.Requests.Count);
                }
            });

    private static void Show(ProgressTask bar, ResourceStatus status, int requests)
    {
        bar.Description = Describe(status.Resource, status, requests);
        if (status is { Pass: null, FullPassCompleted: not null })
        {
            bar.Value = bar.MaxValue;
            bar.StopTask();
        }
        else if (status.Pass is { Total: { } total } pass)
        {
            bar.MaxValue = Math.Max(total, 1);
            bar.Value = Math.Min(pass.Read, bar.MaxValue - 1);
        }
    }

    private static string Describe(string resource, ResourceStatus? status, int requests)
        => status?.Pass is { } pass
            ? $"{resource,-14} {pass.Read,6} records {pass.Pages,4} pages, quota used {requests}"
            : $"{resource,-14} {status?.Records ?? 0,6} records";
}

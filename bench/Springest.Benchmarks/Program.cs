using System.Globalization;
using System.Runtime.InteropServices;
using Springest.Benchmarks;
using Springest.Benchmarks.Catalogue;
using Springest.Benchmarks.Certificates;
using Springest.Benchmarks.Client;
using Springest.Benchmarks.Quota;
using Springest.Benchmarks.Webhooks;
using Springest.Testing;

const int EndedByCtrlC = 130;

// The output is English, and so are the numbers in it.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

if (args is [PlainCrawl.Command, var api, var storage])
{
    await PlainCrawl.RunAsync(api, storage);
    return 0;
}

// The areas, in the order in which they run. NAME... picks some of them; endurance, which takes from minutes to hours, runs by its name
// alone.
var areas = new Dictionary<string, Func<Report, Azurite, CancellationToken, Task>>
{
    ["client"] = ClientBenchmarks.RunAsync,
    ["quota"] = QuotaBenchmarks.RunAsync,
    ["mirror"] = MirrorBenchmarks.RunAsync,
    ["mirror-endurance"] = MirrorEndurance.RunAsync,
    ["webhooks"] = WebhookBenchmarks.RunAsync,
    ["webhooks-endurance"] = WebhookEndurance.RunAsync,
    ["certificates"] = CertificateBenchmarks.RunAsync,
    ["files"] = (report, _, cancellationToken) => WorstFiles.RunAsync(report, cancellationToken),
    ["certificates-endurance"] = CertificateEndurance.RunAsync,
};

var (names, json) = (new List<string>(), default(string));
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--json" && i + 1 < args.Length)
        json = args[++i];
    else
        names.Add(args[i]);
}

if (names.Find(name => !areas.ContainsKey(name)) is { } unknown)
{
    Console.Error.WriteLine($"There is no benchmark '{unknown}'. There are: {string.Join(", ", areas.Keys)}.");
    return 2;
}

using var end = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
var figures = new List<Figure>();
try
{
    await using var azurite = await Azurite.StartAsync(cancellationToken: end.Token);
    foreach (
        var (area, run) in areas.Where(area =>
            names.Count == 0 ? !area.Key.EndsWith("-endurance", StringComparison.Ordinal) : names.Contains(area.Key)))
        await run(new Report(area, figures), azurite, end.Token);
    Report.Show(figures);
    if (json is not null)
        await Report.SaveAsync(figures, json, end.Token);
    return figures.Exists(figure => figure.Within == false) ? 1 : 0;
}
// Whatever breaks while everything is being ended is no news.
catch (Exception) when (end.IsCancellationRequested)
{
    Console.Error.WriteLine("Ended before it was done.");
    return EndedByCtrlC;
}
catch (StartException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    end.Cancel();
}

using System.Diagnostics;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;
using Springest.Functions.Access;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Storage;
using Springest.Simulator.Recording;
using Springest.Testing;

namespace Springest.Tools.Demo;

/// <summary>The demo from beginning to end.</summary>
internal sealed class DemoRun(DemoOptions options)
{
    private readonly DemoKeys _keys = new();
    private readonly ResultTable _results = new();

    /// <summary>Runs the demo.</summary>
    /// <returns>The exit code: 0 if every step did what it should.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var folder = DemoFolder.Open(options);
        var (simulated, azurite) = await Screen.StepAsync(
            $"Azurite, and a simulator with {folder.State.Trainings:N0} trainings",
            () => StartSurroundingsAsync(folder, cancellationToken));
        await using var site = simulated;
        AppProcess[] instances = [];
        try
        {
            var settings = DemoSettings.Make(azurite.ConnectionString, site.Server.Address, _keys);
            instances = await Screen.StepAsync("Two instances of the app", () => StartInstancesAsync(folder, settings, cancellationToken));
            await Surroundings.WhileSoundAsync(
                folder,
                azurite,
                instances,
                token => WorkAsync(folder, azurite, site, [.. instances.Select(instance => instance.Address)], token),
                cancellationToken);
            if (!options.Once)
                await StayAsync(azurite, site, instances[0].Address, cancellationToken);
        }
        finally
        {
            await Screen.StepAsync("All is stopped", _ => StopAsync(instances, azurite));
        }

        return _results.AllOk ? 0 : 1;
    }

    private static async Task StopAsync(AppProcess[] instances, Azurite azurite)
    {
        await Task.WhenAll(instances.Select(instance => instance.DisposeAsync().AsTask()));
        // Last, as they write to it until their end.
        await azurite.DisposeAsync();
    }

    private async Task<(DemoSite Site, Azurite Azurite)> StartSurroundingsAsync(DemoFolder folder, CancellationToken cancellationToken)
    {
        // First the one that is another process.
        var azurite = Azurite.StartAsync(folder.Storage, cancellationToken: cancellationToken);
        var site = DemoSite.StartAsync(folder, _keys, cancellationToken);
        try
        {
            await Task.WhenAll(site, azurite);
            return (await site, await azurite);
        }
        catch
        {
            if (azurite.IsCompletedSuccessfully)
                await (await azurite).DisposeAsync();
            // What is wrong with the data is told before what is wrong with the machine.
            await (await site).DisposeAsync();
            throw;
        }
    }

    private async Task<AppProcess[]> StartInstancesAsync(
        DemoFolder folder,
        Dictionary<string, string> settings,
        CancellationToken cancellationToken)
    {
        Task<AppProcess>[] starts =
        [
            AppProcess.StartAsync(settings, Path.Combine(folder.Logs, "app-1.log"), options.Port, cancellationToken),
            AppProcess.StartAsync(settings, Path.Combine(folder.Logs, "app-2.log"), 0, cancellationToken),
        ];
        try
        {
            return await Task.WhenAll(starts);
        }
        catch
        {
            // Neither is left behind when the other could not start.
            await Task.WhenAll(
                starts.Where(start => start.IsCompletedSuccessfully).Select(async start => await (await start).DisposeAsync()));
            throw;
        }
    }

    private async Task WorkAsync(
        DemoFolder folder,
        Azurite azurite,
        DemoSite site,
        IReadOnlyList<Uri> instances,
        CancellationToken cancellationToken)
    {
        var tables = new TableServiceClient(azurite.ConnectionString);
        var blobs = new BlobServiceClient(azurite.ConnectionString);
        var storage = new AppStorage(tables, blobs, Options.Create(new StorageOptions()));
        var mirror = new MirrorReader(tables);

        var clock = Stopwatch.StartNew();
        var step = new CertificateStep(blobs, site.Server);
        // They are checked as soon as the certifications are mirrored, which need not wait for the trainings.
        await Screen.StepAsync("Certificates are uploaded", _ => step.DropAsync(cancellationToken));
        await new MirrorStep(storage, site.Server).RunAsync(cancellationToken);
        var reads = site.Server.Requests.Snapshot().Count(request => request.Method == "GET");
        _results.Add("First full pass", $"{reads:N0} requests, {clock.Elapsed.TotalSeconds:0.0} s");
        var certificates = await Screen.StepAsync("Certificates are submitted", tell => step.RunAsync(tell, cancellationToken));
        var webhooks = await Screen.StepAsync(
            "Webhooks are processed", tell => new WebhookStep(site, mirror, instances, _keys.Function).RunAsync(tell, cancellationToken));
        await Screen.StepAsync("The mirror is compared with the site", _ => CompareAsync(mirror, site, cancellationToken));

        ReportCertificates(certificates, site);
        ReportWebhooks(webhooks);
        ReportQuota(site);
        ReportKeys(folder);
        _results.Write();
    }

    private async Task CompareAsync(MirrorReader mirror, DemoSite site, CancellationToken cancellationToken)
    {
        var compared = await Task.WhenAll(MirroredResources.All.Select(async resource =>
        {
            var records = site.Catalogue[resource.Path]!;
            var (same, differences) = await mirror.CompareAsync(resource.Name, records, cancellationToken);
            return (resource.Name, records, same, differences);
        }));
        foreach (var (table, records, same, differences) in compared)
        {
            var rest = differences.Count == 0 ? "" : $"; {differences.Count} are not, such as: {differences[0]}";
            _results.Add($"{table} equal the site's", $"{same:N0}, byte by byte{rest}", same == records.Count && differences.Count == 0);
        }
    }

    private void ReportCertificates(IReadOnlyList<(CertificateFile File, CertificateReport? Report)> certificates, DemoSite site)
    {
        foreach (
            var group in certificates.GroupBy(one => one.Report is { } report ? report.Code ?? report.State : "no receipt and no rejection")
        )
        {
            var asExpected = group.All(one => one.File.Expected == group.Key);
            _results.Add(
                group.First().Report?.State == "accepted" ? "Certificates accepted" : $"Refused: {group.Key}",
                group.First().Report is { State: not "accepted", Message: { } why } ? $"{group.Count()}. {why}" : $"{group.Count()}",
                asExpected);
        }

        var twice = site.Server.Certificates.Snapshot().GroupBy(posted => posted.Fields["email"]).Count(group => group.Count() > 1);
        _results.Add("Submitted twice", $"{twice}", twice == 0);
    }

    private void ReportWebhooks(WebhookResult webhooks)
    {
        var applied = webhooks.Latencies.Count;
        _results.Add("Webhook changes applied", $"{applied} of {webhooks.Changes}", applied == webhooks.Changes);
        if (applied > 0)
        {
            var (median, p95) = (webhooks.Latencies[applied / 2], webhooks.Latencies[applied * 95 / 100]);
            _results.Add("Webhook to row", $"median {median.TotalMilliseconds:0} ms, 95 % within {p95.TotalMilliseconds:0} ms");
        }

        foreach (var (what, wanted, got) in webhooks.Refused)
            _results.Add($"Webhook {what}", $"{(int)got} {got}", got == wanted);
    }

    private void ReportQuota(DemoSite site)
    {
        var requests = site.Server.Requests.Snapshot();
        var refused = requests.Count(request => request.Outcome == RequestOutcome.RateLimited);
        _results.Add("Quota used", $"{requests.Count:N0} of 4,000 an hour");
        _results.Add("Requests over the limit", $"{refused}", refused == 0);
    }

    private void ReportKeys(DemoFolder folder)
    {
        var found = Directory
            .GetFiles(folder.Logs)
            .Count(log => _keys.All.Any(key => ReadShared(log).Contains(key, StringComparison.Ordinal)));
        _results.Add("Logs with a key in them", $"{found}", found == 0);
    }

    // The app has its log open.
    private static string ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private async Task StayAsync(Azurite azurite, DemoSite site, Uri address, CancellationToken cancellationToken)
    {
        Screen.Say("");
        Screen.Say($"The console:   {new Uri(address, "api/console")}");
        Screen.Say($"  decide:        with the access key {_keys.Operator.Value}");
        Screen.Say($"  look:          with the access key {_keys.Viewer.Value}");
        Screen.Say(
            $"The mirror:      curl -H '{AccessKey.Header}: {_keys.Viewer.Value}' "
            + $"'{new Uri(address, "api/catalogue/nl/trainings?top=2")}'");
        Screen.Say(
            $"Send a webhook:  dotnet dev.cs webhook --training {site.Catalogue.Trainings.Ids[0]} --to {address} --key {_keys.Function}");
        Screen.Say($"Upload files:    certificates/nl, by the connection string {azurite.ConnectionString}");
        Screen.Say("Ctrl-C ends it.");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

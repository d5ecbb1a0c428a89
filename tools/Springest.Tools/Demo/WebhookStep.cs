using System.Diagnostics;
using System.Net;
using System.Text;
using Springest.Functions.Catalogue.Resources;
using Springest.Simulator.Data;
using Springest.Simulator.Webhooks;

namespace Springest.Tools.Demo;

/// <summary>What came of the webhooks.</summary>
/// <param name="Changes">Changes told by good webhooks.</param>
/// <param name="Latencies">Of those that were seen in the mirror: from sending the webhook until then, ascending.</param>
/// <param name="Refused">Bad webhooks and the status of each.</param>
internal sealed record WebhookResult(
    int Changes,
    IReadOnlyList<TimeSpan> Latencies,
    IReadOnlyList<(string What, HttpStatusCode Wanted, HttpStatusCode Got)> Refused);

/// <summary>Changes trainings at the site, tells the app by webhooks in both formats, and times how soon the mirror has them.</summary>
internal sealed class WebhookStep(DemoSite site, MirrorReader mirror, IReadOnlyList<Uri> instances, string functionKey)
{
    private const int Bundles = 8;
    private const int PerBundle = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // To send again because this machine is slow would make it slower.
    private static readonly WebhookOptions Sending = new() { Timeout = TimeSpan.FromMinutes(1) };

    /// <param name="tell">Gets how far it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<WebhookResult> RunAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        // What a demo in the same folder changed and was stopped before it was told.
        foreach (var bundle in site.EarlierChanges.Chunk(PerBundle))
            await SendAsync(bundle, WebhookFormat.Changes, instances[0], cancellationToken);

        var changes = 0;
        var latencies = new List<TimeSpan>();
        for (var i = 0; i < Bundles; i++)
        {
            // Made just before it is told, so that nothing is changed again or gone when the app looks it up.
            var bundle = await site.ChangeAsync(seed: i, PerBundle, cancellationToken);
            changes += bundle.Count;
            latencies.AddRange(await SendAsync(
                bundle, i % 2 == 0 ? WebhookFormat.Changes : WebhookFormat.Single2014, instances[i % instances.Count], cancellationToken));
            tell($"{latencies.Count} of some {Bundles * PerBundle} changes");
        }

        return new WebhookResult(changes, [.. latencies.Order()], await SendBadOnesAsync(cancellationToken));
    }

    // The key is in the address, as Springest would be given it.
    private Uri Receiver(Uri instance) => new(instance, $"api/webhooks/{DemoSettings.Site}/trainings?code={functionKey}");

    /// <returns>How soon each change was in the mirror; those that never came are left out.</returns>
    private async Task<List<TimeSpan>> SendAsync(
        IReadOnlyList<Change> bundle,
        WebhookFormat format,
        Uri instance,
        CancellationToken cancellationToken)
    {
        var sent = Stopwatch.GetTimestamp();
        var latencies = new List<TimeSpan>();
        await site.Server.SendWebhookAsync(Receiver(instance), bundle, format, Sending, cancellationToken);
        // One after another: to ask for all at once, time and again, would keep storage from writing them.
        foreach (var change in bundle)
        {
            bool applied;
            while (!(applied = await IsAppliedAsync(change, cancellationToken)) && Stopwatch.GetElapsedTime(sent) < Patience)
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
            if (applied)
                latencies.Add(Stopwatch.GetElapsedTime(sent));
        }

        return latencies;
    }

    private async Task<bool> IsAppliedAsync(Change change, CancellationToken cancellationToken)
        => await mirror.FindAsync(nameof(Trainings), change.Id, cancellationToken) == site.Catalogue.Trainings.Json(change.Id);

    private async Task<IReadOnlyList<(string, HttpStatusCode, HttpStatusCode)>> SendBadOnesAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var answers = new List<(string, HttpStatusCode, HttpStatusCode)>();
        foreach (
            var (what, wanted, body) in (IEnumerable<(string, HttpStatusCode, byte[])>)
                [
                    ("not JSON", HttpStatusCode.BadRequest, "<changes/>"u8.ToArray()),
                    ("without changes", HttpStatusCode.BadRequest, """{"news":[]}"""u8.ToArray()),
                    (
                        "11 MiB long",
                        HttpStatusCode.RequestEntityTooLarge,
                        Encoding.ASCII.GetBytes($$"""{"changes":[],"x":"{{new string('x', 11 * 1024 * 1024)}}"}""")),
                ])
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
            using var answer = await http.PostAsync(Receiver(instances[0]), content, cancellationToken);
            answers.Add((what, wanted, answer.StatusCode));
        }

        return answers;
    }
}

using System.Diagnostics;
using System.Net;
using System.Text;
using Springest.Functions.Catalogue.Resources;
using Springest.Simulator.Data;
using Springest.Simulator.Webhooks;

namespace Springest.Demo;

/// <summary>What came of the webhooks.</summary>
/// <param name="Changes">Changes told by good webhooks.</param>
/// <param name="Applied">Those that were seen in the mirror.</param>
/// <param name="Latencies">From sending a webhook to seeing its change in the mirror, ascending.</param>
/// <param name="Refused">Bad webhooks and the status of each.</param>
internal sealed record WebhookResult(int Changes, int Applied, IReadOnlyList<TimeSpan> Latencies, IReadOnlyList<(string What, HttpStatusCode Wanted, HttpStatusCode Got)> Refused);

/// <summary>Changes trainings at the site, tells the app by webhooks in both formats, and times how soon the mirror has them.</summary>
internal sealed class WebhookStep(DemoSite site, MirrorReader mirror, IReadOnlyList<Uri> instances, string functionKey)
{
    private const int Count = 40;
    private const int PerBody = 5;

    public async Task<WebhookResult> RunAsync(CancellationToken cancellationToken)
    {
        var changes = await site.ChangeAsync(Count, cancellationToken);
        var latencies = new List<TimeSpan>();
        foreach (var (index, bundle) in changes.Chunk(PerBody).Index())
        {
            var format = index % 2 == 0 ? WebhookFormat.Changes : WebhookFormat.Single2014;
            var sent = Stopwatch.GetTimestamp();
            await site.Server.SendWebhookAsync(Receiver(index), bundle, format, cancellationToken: cancellationToken);
            // One after another: to ask for all at once, time and again, would keep storage from writing them.
            foreach (var change in bundle)
            {
                await WaitForAsync(change, cancellationToken);
                latencies.Add(Stopwatch.GetElapsedTime(sent));
            }
        }

        return new WebhookResult(changes.Count, latencies.Count, [.. latencies.Order()], await SendBadOnesAsync(cancellationToken));
    }

    // The key is in the address, as Springest would be given it.
    private Uri Receiver(int index)
        => new(instances[index % instances.Count], $"api/webhooks/{DemoSettings.Site}/trainings?code={functionKey}");

    private async Task WaitForAsync(Change change, CancellationToken cancellationToken)
    {
        while (await mirror.FindAsync(nameof(Trainings), change.Id, cancellationToken) != site.Catalogue.Trainings.Json(change.Id))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
    }

    private async Task<IReadOnlyList<(string, HttpStatusCode, HttpStatusCode)>> SendBadOnesAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var answers = new List<(string, HttpStatusCode, HttpStatusCode)>();
        foreach (var (what, wanted, body) in (IEnumerable<(string, HttpStatusCode, byte[])>)
        [
            ("not JSON", HttpStatusCode.BadRequest, "<changes/>"u8.ToArray()),
            ("without changes", HttpStatusCode.BadRequest, """{"news":[]}"""u8.ToArray()),
            ("11 MiB long", HttpStatusCode.RequestEntityTooLarge, Encoding.ASCII.GetBytes($$"""{"changes":[],"x":"{{new string('x', 11 * 1024 * 1024)}}"}""")),
        ])
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
            using var answer = await http.PostAsync(Receiver(0), content, cancellationToken);
            answers.Add((what, wanted, answer.StatusCode));
        }

        return answers;
    }
}

using System.Text;
using Springest.EndToEnd.Tests.Surroundings;

namespace Springest.EndToEnd.Tests.Outside;

/// <summary>
/// Senders that stall, cut off, dribble or never end: none is told that its webhook was taken, and nothing of it is stored.
/// </summary>
public abstract class SlowSenderTests(World world, Topology topology) : OutsideTests(world, topology)
{
    private static readonly TimeSpan Dribble = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Endless_sender_leaves_nothing_behind()
    {
        var trainings = Enumerable.Range(0, 7).Select(_ => Ids.Next()).ToArray();

        var answers = await Task.WhenAll(
            StallAsync(trainings[0], isChunked: false), StallAsync(trainings[1], isChunked: true),
            DribbleAsync(trainings[2], isChunked: false), DribbleAsync(trainings[3], isChunked: true),
            CutAsync(trainings[4], isChunked: false), CutAsync(trainings[5], isChunked: true),
            FloodAsync(trainings[6]));

        // Too late for the app's own 408 where the host waits for the whole body, which says 500 then; or it hangs up.
        Assert.All(
            answers,
            answer => Assert.True(answer is null || (int)answer.Status is 400 or 408 or 413 or 500, $"{answer?.Status} {answer?.Body}"));
        await Traces.AssertNoneAsync(App, trainings);
        Assert.Equal(200, (int)(await App.SendAsync("GET", "api/health")).Status);
    }

    private async Task<Answer?> StallAsync(long training, bool isChunked)
    {
        await using var sender = await BeginAsync(training, isChunked, out var pieces);
        await sender.SendAsync(string.Concat(pieces[..20]));
        return await sender.AnswerAsync();
    }

    private async Task<Answer?> DribbleAsync(long training, bool isChunked)
    {
        await using var sender = await BeginAsync(training, isChunked, out var pieces);
        return await sender.TrickleAsync(pieces, Dribble);
    }

    private async Task<Answer?> CutAsync(long training, bool isChunked)
    {
        await using var sender = await BeginAsync(training, isChunked, out var pieces);
        await sender.SendAsync(string.Concat(pieces[..^3]));
        return null;
    }

    /// <summary>More than any host takes.</summary>
    private async Task<Answer?> FloodAsync(long training)
    {
        const int megabytes = 101;
        await using var sender = await RawSender.ConnectAsync(App);
        await sender.BeginAsync($"Content-Length: {megabytes * 1024 * 1024}");
        await sender.SendAsync(Webhook.Update(training));
        var spaces = new string(' ', 1024 * 1024);
        return await sender.TrickleAsync(Enumerable.Repeat(spaces, megabytes), TimeSpan.FromMilliseconds(1));
    }

    private Task<RawSender> BeginAsync(long training, bool isChunked, out string[] pieces)
    {
        // A byte each, and longer than anybody waits for.
        var body = Encoding.UTF8.GetString(Webhook.OfSize(training, 300));
        pieces = [.. body.Select(letter => isChunked ? $"1\r\n{letter}\r\n" : $"{letter}")];
        return BeginAsync(isChunked ? "Transfer-Encoding: chunked" : $"Content-Length: {body.Length}");
    }

    private async Task<RawSender> BeginAsync(string length)
    {
        var sender = await RawSender.ConnectAsync(App);
        await sender.BeginAsync(length);
        return sender;
    }

    public sealed class OneWorker(World world) : SlowSenderTests(world, Topology.OneWorker);

    public sealed class WorkerPerScaleGroup(World world) : SlowSenderTests(world, Topology.WorkerPerScaleGroup);
}

using System.Text;
using Springest.EndToEnd.Tests.Surroundings;

namespace Springest.EndToEnd.Tests.Outside;

/// <summary>Webhooks as every sender may send them: what is taken is applied, of what is refused nothing is stored.</summary>
public abstract class WebhookTests(World world, Topology topology) : OutsideTests(world, topology)
{
    private const int MaxBytes = 1024 * 1024;

    [Theory]
    [InlineData("with its length")]
    [InlineData("chunked")]
    [InlineData("chunked, gzip")]
    [InlineData("gzip")]
    [InlineData("Expect: 100-continue")]
    [InlineData("chunked, Expect: 100-continue")]
    [InlineData("no content type")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("utf-16")]
    [InlineData("iso-8859-1")]
    [InlineData("chunks of one byte")]
    [InlineData("1 MiB")]
    [InlineData("chunked, 1 MiB")]
    [InlineData("X-Forwarded-For: 203.0.113.7, 198.51.100.9")]
    public async Task A_webhook_is_applied_however_it_is_sent(string how)
    {
        var training = Mirror.Publish(App);

        var answer = await App.TellAsync(() =>
            PostAsync(how, how.Contains("1 MiB", StringComparison.Ordinal) ? Webhook.OfSize(training, MaxBytes) : Webhook.Update(training))
        );

        Assert.Contains("\"accepted\":1", answer.Body, StringComparison.Ordinal);
        await Mirror.HasAsync(App, training);
    }

    [Theory]
    [InlineData("1 MiB and 1 byte", 413)]
    [InlineData("chunked, 1 MiB and 1 byte", 413)]
    [InlineData("gzip bomb", 413)]
    [InlineData("chunked gzip bomb", 413)]
    [InlineData("not gzip, though it says so", 400)]
    [InlineData("br", 415)]
    [InlineData("broken JSON", 400)]
    [InlineData("nothing", 400)]
    [InlineData("chunked nothing", 400)]
    [InlineData("too many changes", 413)]
    public async Task Of_a_webhook_that_is_refused_nothing_is_stored(string what, int status)
    {
        var training = Ids.Next();

        var answer = await PostAsync(
            what,
            what switch
            {
                _ when what.EndsWith("1 byte", StringComparison.Ordinal) => Webhook.OfSize(training, MaxBytes + 1),
                _ when what.EndsWith("bomb", StringComparison.Ordinal) => Webhook.Gzip(Webhook.OfSize(training, 50 * MaxBytes)),
                _ when what.EndsWith("nothing", StringComparison.Ordinal) => [],
                "broken JSON" => [.. Webhook.Update(training)[..^2]],
                "too many changes" => Webhook.Changes([
                    $$"""{"action":"update","object":"training","id":{{training}}}""",
                    .. Enumerable.Repeat("0", 100_000),
                ]),
                _ => Webhook.Update(training),
            });

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal("application/problem+json", answer.Header("Content-Type"));
        Assert.Equal(status, answer.Json.GetProperty("status").GetInt32());
        await Traces.AssertNoneAsync(App, training);
    }

    [Fact]
    public async Task What_a_webhook_says_is_destroyed_stays_as_it_is_while_Springest_has_it()
    {
        var training = Mirror.Publish(App);
        await App.TellAsync(Webhook.Update(training));
        await Mirror.HasAsync(App, training);
        var before = await App.GetAsync($"api/catalogue/nl/trainings/{training}");
        var lookUps = App.LookUps(training).Count();

        var told = await App.TellAsync(Webhook.Changes([$$"""{"action":"destroy","object":"training","id":{{training}}}"""]));

        var delivery = told.Json.GetProperty("delivery").GetString();
        await Eventually.BeAsync(
            "it is looked up and done",
            async () => App.LookUps(training).Count() > lookUps
                && (await App.GetAsync($"api/webhooks/nl/deliveries/{delivery}")).Body.Contains(
                    "\"state\":\"done\"", StringComparison.Ordinal));
        var after = await App.GetAsync($"api/catalogue/nl/trainings/{training}");
        Assert.Equal(200, (int)after.Status);
        // The ETag tells when it was last changed: it has not been gone in between either.
        Assert.Equal(before.Header("ETag"), after.Header("ETag"));
    }

    [Fact]
    public async Task A_delivery_can_be_looked_at_and_taken_in_again()
    {
        var training = Mirror.Publish(App);
        var delivery = (await App.TellAsync(Webhook.Update(training))).Json.GetProperty("delivery").GetString()!;
        await Mirror.HasAsync(App, training);
        var lookUps = App.LookUps(training).Count();

        var seen = await App.GetAsync($"api/webhooks/nl/deliveries/{delivery}");
        var again = await App.SendAsync("POST", $"api/manage/webhooks/nl/deliveries/{delivery}/replay", App.Keys.Operator);

        Assert.Equal(200, (int)seen.Status);
        Assert.Contains($"{training}", seen.Body, StringComparison.Ordinal);
        Assert.Equal(200, (int)again.Status);
        await App.FireAsync("ApplyWebhooks");
        await Eventually.BeAsync("it is read again", () => App.LookUps(training).Count() > lookUps);
    }

    [Fact]
    public async Task The_key_of_one_function_opens_that_one_only()
    {
        Assert.SkipWhen(App.Keys.Webhook is null, "SPRINGEST_E2E_WEBHOOK_KEY is not set.");
        var training = Mirror.Publish(App);

        await App.TellAsync(async () =>
        {
            using var content = new ByteArrayContent(Webhook.Update(training)) { Headers = { ContentType = new("application/json") } };
            return await App.SendAsync(
                "POST",
                $"api/webhooks/nl/trainings?code={Uri.EscapeDataString(App.Keys.Webhook!)}",
                content: content);
        });

        await Mirror.HasAsync(App, training);
    }

    private async Task<Answer> PostAsync(string how, byte[] body)
    {
        if (how.StartsWith("chunks of one byte", StringComparison.Ordinal))
            return await PostByteByByteAsync(body);
        if (how is "gzip" or "chunked, gzip")
            body = Webhook.Gzip(body);
        body = how switch
        {
            "utf-16" => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body)),
            _ => body,
        };
        using HttpContent content = how.StartsWith("chunked", StringComparison.Ordinal)
            ? new ChunkedContent(body)
            : new ByteArrayContent(body);
        if (how.Contains("gzip", StringComparison.Ordinal) || how is "br")
            content.Headers.ContentEncoding.Add(how is "br" ? "br" : "gzip");
        content.Headers.ContentType = how switch
        {
            "no content type" => null,
            "text/plain" or "application/x-www-form-urlencoded" => new(how),
            "utf-16" or "iso-8859-1" => new("application/json", how),
            _ => new("application/json"),
        };
        return await App.SendAsync("POST", "api/webhooks/nl/trainings", App.Keys.Function, content, headers =>
        {
            headers.ExpectContinue = how.Contains("Expect", StringComparison.Ordinal) ? true : null;
            if (how.StartsWith("X-Forwarded-For: ", StringComparison.Ordinal))
                headers.Add("X-Forwarded-For", how[17..]);
        });
    }

    private async Task<Answer> PostByteByByteAsync(byte[] body)
    {
        await using var sender = await RawSender.ConnectAsync(App);
        await sender.BeginAsync("Transfer-Encoding: chunked");
        await sender.SendAsync(string.Concat(Encoding.UTF8.GetString(body).Select(letter => $"1\r\n{letter}\r\n")) + "0\r\n\r\n");
        return await sender.AnswerAsync() ?? throw new InvalidOperationException("There was no answer.");
    }

    public sealed class OneWorker(World world) : WebhookTests(world, Topology.OneWorker);

    public sealed class WorkerPerScaleGroup(World world) : WebhookTests(world, Topology.WorkerPerScaleGroup);
}

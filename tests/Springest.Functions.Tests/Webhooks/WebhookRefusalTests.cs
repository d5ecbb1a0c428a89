using System.Net;
using System.Text;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Webhooks;

/// <summary>What is not taken: each gets its status and a reason, and nothing of it is stored.</summary>
public sealed class WebhookRefusalTests(WebhookRefusalTests.OneApp one) : IClassFixture<WebhookRefusalTests.OneApp>, IAsyncDisposable
{
    private readonly WebhookDriver _webhooks = new(one.App);

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(await _webhooks.BodiesAsync());
        Assert.Empty(await _webhooks.DeliveriesAsync());
        Assert.Empty(await _webhooks.InboxAsync());
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("hello", "not JSON")]
    [InlineData("changes=1", "not JSON")]
    [InlineData("{\n  \"changes\": [,]\n}", "line 2, byte 15")]
    [InlineData("""{"changes":[]} x""", "not JSON")]
    [InlineData("""{"changes":[]}{"changes":[]}""", "not JSON")]
    [InlineData("""{"changes":[{"action":"update","object":"training","id":7}]""", "not JSON")]
    [InlineData("[]", "it is an array")]
    [InlineData("7", "it is a number")]
    [InlineData("null", "it is null")]
    [InlineData("{}", "neither 'changes' nor 'action'")]
    [InlineData("""{"changes":null}""", "'changes' must be an array; it is null")]
    [InlineData("""{"changes":{}}""", "'changes' must be an array; it is an object")]
    [InlineData("""{"changes":"[]"}""", "'changes' must be an array; it is a string")]
    [InlineData("""{"action":"update"}""", "'id'")]
    [InlineData("""{"action":"update","id":-7}""", "'id'")]
    [InlineData("""{"action":"update","id":7.5,"training":{"id":7}}""", "'id'")]
    public async Task A_body_that_is_no_webhook_is_told_what_and_where(string body, string expected)
        => await RefusedAsync(_webhooks.PostAsync(body), HttpStatusCode.BadRequest, expected);

    [Fact]
    public Task Deep_nesting_is_refused()
        => RefusedAsync(_webhooks.PostAsync($$"""{"changes":{{new string('[', 100_000)}}"""), HttpStatusCode.BadRequest, "not JSON");

    [Fact]
    public Task Bytes_that_are_no_text_are_refused()
        => RefusedAsync(_webhooks.PostAsync([.. "{\"changes\":[\""u8, 0xC3, 0x28, .. "\"]}"u8]), HttpStatusCode.BadRequest, "not UTF-8");

    [Fact]
    public Task An_unknown_charset_is_refused_where_it_matters()
        => RefusedAsync(
            _webhooks.PostAsync([.. "{\"changes\":[\""u8, 0xC3, 0x28, .. "\"]}"u8], "application/json; charset=nonsense"),
            HttpStatusCode.UnsupportedMediaType,
            "charset");

    [Fact]
    public Task A_body_over_the_limit_is_refused()
        => RefusedAsync(_webhooks.PostAsync(new byte[(1024 * 1024) + 1]), HttpStatusCode.RequestEntityTooLarge, "1048576 bytes");

    [Fact]
    public async Task A_body_without_length_is_refused_as_soon_as_it_exceeds_the_limit()
    {
        using var content = new EndlessContent();
        await RefusedAsync(
            _webhooks.SendAsync(HttpMethod.Post, $"webhooks/{TestApp.Site}/trainings", content),
            HttpStatusCode.RequestEntityTooLarge,
            "bytes");
    }

    [Fact]
    public Task A_gzip_bomb_is_refused()
        => RefusedAsync(
            _webhooks.PostAsync(WebhookBodies.Gzip(new byte[50 * 1024 * 1024]), encoding: "gzip"),
            HttpStatusCode.RequestEntityTooLarge,
            "bytes");

    [Fact]
    public Task What_only_claims_to_be_gzip_is_refused()
        => RefusedAsync(_webhooks.PostAsync("{\"changes\":[]}"u8.ToArray(), encoding: "gzip"), HttpStatusCode.BadRequest, "not gzip");

    [Fact]
    public Task Another_encoding_is_refused()
        => RefusedAsync(_webhooks.PostAsync([1, 2, 3], encoding: "br"), HttpStatusCode.UnsupportedMediaType, "gzip");

    [Fact]
    public Task Too_many_changes_are_refused()
        => RefusedAsync(
            _webhooks.PostAsync(WebhookBodies.Changes([.. Enumerable.Repeat("0", 25_001)])),
            HttpStatusCode.RequestEntityTooLarge,
            "25000 changes");

    [Fact]
    public async Task An_unknown_site_is_refused()
    {
        using var content = new StringContent("""{"changes":[]}""", Encoding.UTF8, "application/json");
        await RefusedAsync(_webhooks.SendAsync(HttpMethod.Post, "webhooks/mars/trainings", content), HttpStatusCode.NotFound, "site");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Another_method_is_refused(string method)
    {
        var answer = await RefusedAsync(
            _webhooks.SendAsync(new HttpMethod(method), $"webhooks/{TestApp.Site}/trainings"), HttpStatusCode.MethodNotAllowed, "posted");
        Assert.Equal(["POST"], answer.Allow);
    }

    [Fact]
    public async Task Nobody_gets_in_without_the_function_key()
    {
        using var http = new HttpClient { BaseAddress = one.App.Http.BaseAddress };
        using var content = new StringContent("""{"changes":[]}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync($"webhooks/{TestApp.Site}/trainings", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "webhooks/nl/deliveries/7", HttpStatusCode.NotFound)]
    [InlineData("GET", "webhooks/nl/deliveries/ffffffffffffffff00000000", HttpStatusCode.NotFound)]
    [InlineData("GET", "webhooks/nl/deliveries/zzzzzzzzzzzzzzzz00000000", HttpStatusCode.NotFound)]
    [InlineData("GET", "webhooks/mars/deliveries", HttpStatusCode.NotFound)]
    [InlineData("GET", "webhooks/nl/deliveries?from=yesterday", HttpStatusCode.BadRequest)]
    [InlineData("GET", "webhooks/nl/deliveries?from=01/12/2026", HttpStatusCode.BadRequest)]
    [InlineData("POST", "manage/webhooks/nl/replay?from=10:00", HttpStatusCode.BadRequest)]
    [InlineData("POST", "manage/webhooks/nl/replay", HttpStatusCode.BadRequest)]
    [InlineData("POST", "manage/webhooks/nl/dead-letters/Training-7/discard", HttpStatusCode.NotFound)]
    [InlineData("POST", "manage/webhooks/nl/deliveries/7/discard", HttpStatusCode.NotFound)]
    [InlineData("POST", "manage/webhooks/nl/held-deletes/nonsense/release", HttpStatusCode.NotFound)]
    public async Task What_is_not_there_is_said_so(string method, string path, HttpStatusCode expected)
    {
        var answer = await _webhooks.SendAsync(new HttpMethod(method), path);
        Assert.Equal((expected, "application/problem+json"), (answer.Status, answer.MediaType));
    }

    [Theory]
    [InlineData("replay?from=2020-01-01")]
    [InlineData("deliveries/7/replay")]
    [InlineData("deliveries/7/discard")]
    [InlineData("held-deletes/trainings/release")]
    [InlineData("held-deletes/trainings/discard")]
    [InlineData("dead-letters/Training-7/retry")]
    [InlineData("dead-letters/Training-7/discard")]
    public async Task Nothing_is_done_without_an_operators_key(string path)
    {
        using var answer = await one.App.Http.PostAsync($"manage/webhooks/nl/{path}", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("deliveries")]
    [InlineData("deliveries/7")]
    [InlineData("dead-letters")]
    public async Task Nothing_is_shown_without_a_function_key(string path)
    {
        using var http = new HttpClient { BaseAddress = one.App.Http.BaseAddress };
        using var answer = await http.GetAsync($"webhooks/nl/{path}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static async Task<WebhookDriver.Answer> RefusedAsync(Task<WebhookDriver.Answer> request, HttpStatusCode status, string reason)
    {
        var answer = await request;
        Assert.Equal(status, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal((int)status, answer.Json.GetProperty("status").GetInt32());
        Assert.Contains(reason, answer.Detail, StringComparison.Ordinal);
        return answer;
    }

    /// <summary>An app for all of them, since none leaves anything behind.</summary>
    public sealed class OneApp(AzuriteFixture azurite) : IAsyncLifetime
    {
        internal TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync()
            => App = await TestApp.StartAsync(azurite.Azurite, settings: new() { ["Springest:Webhooks:InlineBudget"] = "00:00:00" });

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    private sealed class EndlessContent : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var spaces = new byte[64 * 1024];
            Array.Fill(spaces, (byte)' ');
            for (var i = 0; i < 1000; i++)
                await stream.WriteAsync(spaces);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

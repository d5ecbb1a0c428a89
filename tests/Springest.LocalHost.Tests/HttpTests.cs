using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Springest.LocalHost.Tests;

public sealed class HttpTests(HostFixture fixture)
{
    private SampleHost Host => fixture.Host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sample/echo/jo", "jo")]
    [InlineData("SAMPLE/Echo/a%20b%2Fc", "a b%2Fc")]
    [InlineData("sample/echo", null)]
    public async Task Route_reaches_its_function_with_its_values(string address, string? name)
    {
        var echo = await EchoAsync(HttpMethod.Get, address);

        Assert.Equal(name, (string?)echo["name"]);
        Assert.Equal($"/{address}", (string?)echo["url"]);
    }

    [Theory]
    [InlineData("GET", "sample/Post", HttpStatusCode.NotFound)]
    [InlineData("POST", "sample/Post", HttpStatusCode.NoContent)]
    [InlineData("PUT", "sample/echo", HttpStatusCode.OK)]
    [InlineData("GET", "sample/nowhere", HttpStatusCode.NotFound)]
    [InlineData("GET", "api/echo", HttpStatusCode.NotFound)]
    [InlineData("GET", "AzureFunctionsRpcMessages.FunctionRpc/EventStream", HttpStatusCode.NotFound)]
    public async Task Method_that_no_function_takes_is_not_found(string method, string address, HttpStatusCode status)
    {
        using var response = await Host.SendAsync(new HttpMethod(method), address);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Status_and_headers_arrive_as_written()
    {
        using var response = await Host.GetAsync("sample/Open");
        using var head = await Host.SendAsync(HttpMethod.Head, "sample/Open");

        Assert.Equal(HttpStatusCode.NonAuthoritativeInformation, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal("open", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("", await head.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Headers_and_query_arrive_as_sent()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "sample/echo?a=1&a=%C3%A9&code=canary-function");
        request.Headers.Add("x-one", ["first", "second"]);
        request.Headers.Add("cookie", "c=d");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var response = await Host.Http.SendAsync(request, Cancellation);
        var echo = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;

        Assert.Equal("/sample/echo?a=1&a=%C3%A9&code=canary-function", (string?)echo["url"]);
        Assert.Equal("first,second", string.Join(',', echo["headers"]!["x-one"]!.AsArray().SelectMany(value => $"{value}".Split(", "))));
        Assert.Equal("c=d", (string?)echo["headers"]!["Cookie"]![0]);
        Assert.Contains("0af7651916cd43dd8448eb211c80319c", (string?)echo["trace"]);
    }

    [Fact]
    public async Task Invocation_id_of_a_caller_is_replaced()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "sample/echo?code=canary-function");
        request.Headers.Add("x-ms-invocation-id", "mine");
        using var response = await Host.Http.SendAsync(request, Cancellation);
        var echo = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;

        Assert.True(Guid.TryParse((string?)echo["invocation"], out _));
        Assert.Equal((string?)echo["invocation"], (string?)echo["headers"]!["x-ms-invocation-id"]![0]);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(5_000_000, false)]
    [InlineData(5_000_000, true)]
    [InlineData(40_000_000, true)]
    public async Task Body_arrives_whole_with_length_and_chunked(int length, bool chunked)
    {
        var body = RandomNumberGenerator.GetBytes(length);
        using var content = chunked ? new StreamContent(new Unseekable(body)) : (HttpContent)new ByteArrayContent(body);

        var echo = await EchoAsync(HttpMethod.Post, "sample/echo", content);

        Assert.Equal(length, (int?)echo["length"]);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(body)), (string?)echo["hash"]);
    }

    [Fact]
    public async Task Compressed_body_arrives_as_sent()
    {
        using var content = new ByteArrayContent([31, 139, 8, 0]) { Headers = { ContentEncoding = { "gzip" } } };

        var echo = await EchoAsync(HttpMethod.Post, "sample/echo", content);

        Assert.Equal(4, (int?)echo["length"]);
        Assert.Equal("gzip", (string?)echo["headers"]!["Content-Encoding"]![0]);
    }

    [Fact]
    public async Task Function_that_throws_is_an_empty_500_and_is_logged()
    {
        using var response = await Host.GetAsync("sample/Throws");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Contains(
            await Host.WaitForAsync("Executed 'Functions.Throws' (Failed"),
            line => line.Contains("An ordinary fault.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answer_that_fails_half_way_is_cut_off()
    {
        using var response = await Host.GetAsync("sample/ThrowsLate");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            try
            {
                await response.Content.ReadAsByteArrayAsync(Cancellation);
            }
            catch (IOException exception)
            {
                throw new HttpRequestException("Cut off.", exception);
            }
        });
    }

    [Fact]
    public async Task Function_that_runs_for_too_long_is_cancelled()
    {
        using var response = await Host.GetAsync("sample/wait/60000");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        await Host.WaitForAsync("Wait is cancelled");
    }

    [Fact]
    public async Task Requests_run_side_by_side()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Host.TextAsync("sample/wait/500")));

        Assert.All(answers, answer => Assert.Equal("waited", answer));
    }

    [Fact]
    public async Task What_a_function_logs_goes_by_its_name()
    {
        await Host.TextAsync("sample/Logs");

        Assert.Contains(await Host.WaitForAsync("canary-log-line"), line => line.Contains("Function.Logs.User", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Levels_of_host_json_are_heeded()
    {
        await Host.TextAsync("sample/Quiet");
        await Host.TextAsync("sample/Settings");

        await Host.WaitForAsync("Executed 'Functions.Settings'");
        Assert.DoesNotContain("Executing 'Functions.Quiet'", await ReadAsync(Host.Process.LogFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_reach_the_worker_but_not_the_keys_of_the_host()
    {
        var settings = JsonNode.Parse(await Host.TextAsync("sample/Settings"))!.AsObject();

        Assert.Contains("Sample__Container", settings);
        Assert.Equal(SampleHost.App, (string?)settings["FUNCTIONS_APPLICATION_DIRECTORY"]);
        Assert.DoesNotContain(settings, setting => setting.Key.StartsWith("LocalHost__", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Home_page_is_shown()
    {
        using var response = await Host.GetAsync("");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
    }

    internal static async Task<string> ReadAsync(string file)
    {
        // It is still written to.
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return await reader.ReadToEndAsync(Cancellation);
    }

    private async Task<JsonNode> EchoAsync(HttpMethod method, string address, HttpContent? content = null)
    {
        using var response = await Host.SendAsync(method, address, content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
    }

    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

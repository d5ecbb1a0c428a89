using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Springest.LocalHost.Tests;

public sealed class HttpTriggerTests : IAsyncLifetime
{
    private TestHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
        => _host = await TestHost.StartAsync(typeof(Samples), services: services => services.AddScoped<Scope>());

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("api/ByName", "200 by name")]
    [InlineData("api/byname", "200 by name")]
    [InlineData("ByName", "404")]
    [InlineData("api/nothing-here", "404")]
    [InlineData("api/things/17", "200 17")]
    [InlineData("api/things/-2147483648", "200 -2147483648")]
    [InlineData("api/things/2147483648", "404")]
    [InlineData("api/things/abc", "404")]
    [InlineData("api/things", "404")]
    [InlineData("api/hello", "200 hello nobody")]
    [InlineData("api/hello/", "200 hello nobody")]
    [InlineData("api/hello/Anne%20Marie", "200 hello Anne Marie")]
    [InlineData("api/hello/a%2Fb", "200 hello a%2Fb")]
    [InlineData("api/files/a/b/c.txt", "200 a/b/c.txt")]
    [InlineData("api/files", "200 (null)")]
    [InlineData("api/page", "200 1")]
    [InlineData("api/page/7", "200 7")]
    [InlineData("api/types/9223372036854775807/0f8fad5b-d9cb-469f-a165-70867728950e/true/1.5", "200 9223372036854775807 0f8fad5b-d9cb-469f-a165-70867728950e True 1.5")]
    public async Task A_route_finds_its_function_and_gives_it_the_values(string address, string answer)
        => Assert.Equal(answer, await _host.GetAsync(address));

    [Theory]
    [InlineData("GET", HttpStatusCode.OK)]
    [InlineData("get", HttpStatusCode.OK)]
    [InlineData("PUT", HttpStatusCode.Created)]
    [InlineData("POST", HttpStatusCode.NotFound)]
    [InlineData("OPTIONS", HttpStatusCode.NotFound)]
    public async Task A_method_that_no_function_takes_is_not_found(string method, HttpStatusCode status)
    {
        using var response = await _host.SendAsync(new HttpMethod(method), "api/methods");

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task A_function_without_methods_takes_all()
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete, HttpMethod.Head, new("PURGE")])
        {
            using var response = await _host.SendAsync(method, "api/ByName");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_value_that_does_not_convert_fails_without_details()
        => Assert.Equal("500", await _host.GetAsync("api/unconstrained/seven"));

    [Fact]
    public async Task What_a_function_throws_is_500_without_details_and_is_logged()
    {
        Assert.Equal("500", await _host.GetAsync("api/Throws"));

        Assert.Contains(_host.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal)
            && line.Contains("Throws failed after", StringComparison.Ordinal) && line.Contains("the inner secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failure_after_half_an_answer_leaves_nothing_of_that_answer()
    {
        using var response = await _host.SendAsync(HttpMethod.Get, "api/ThrowsLate");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.False(response.Headers.Contains("x-half"));
    }

    [Theory]
    [InlineData("ReturnsNothing")]
    [InlineData("ReturnsTask")]
    [InlineData("ReturnsNull")]
    public async Task No_answer_is_204(string function) => Assert.Equal("204", await _host.GetAsync($"api/{function}"));

    [Fact]
    public async Task Status_headers_cookies_and_json_arrive_as_written()
    {
        using var response = await _host.SendAsync(HttpMethod.Get, "api/Rich");

        Assert.Equal((HttpStatusCode)418, response.StatusCode);
        Assert.Equal(["one", "two"], response.Headers.GetValues("x-many"));
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("{\"Name\":\"teapot\"}", await response.Content.ReadAsStringAsync(Cancellation));
        var cookie = Assert.Single(response.Headers.GetValues("set-cookie"));
        Assert.Equal("id=7; max-age=60; path=/api; secure; samesite=strict; httponly", cookie);
        Assert.False(response.Headers.Contains("server"));
    }

    [Fact]
    public async Task A_function_sees_method_address_headers_cookies_query_and_context()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/Echo?q=a%26b&q=c&empty=") { Content = new StringContent("{\"Name\":\"ä\"}", Encoding.UTF8, "application/json") };
        request.Headers.Add("x-functions-key", TestHost.FunctionKey);
        request.Headers.Add("x-own", ["1", "2"]);
        request.Headers.Add("cookie", "a=1; b=2");

        using var response = await _host.Http.SendAsync(request, Cancellation);

        Assert.Equal(
            $"POST {_host.Functions.Address}api/Echo?q=a%26b&q=c&empty= | 1, 2 | a=1,b=2 | a&b,c | application/json; charset=utf-8 | ä | Echo httpTrigger {typeof(Samples).FullName}.Echo True",
            await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Each_run_has_a_scope_of_its_own()
    {
        var first = await _host.GetAsync("api/Instance");
        var second = await _host.GetAsync("api/Instance");

        Assert.NotEqual(first, second);
        Assert.Equal("disposed", await _host.Journal.NextAsync());
        Assert.Equal("disposed", await _host.Journal.NextAsync());
        Assert.All(_host.Log.Lines.Where(line => line.Contains("A line of its own.", StringComparison.Ordinal)),
            line => Assert.Contains("[Function, Instance] [InvocationId, ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_body_reaches_the_function_while_it_is_still_being_sent()
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(_host.Functions.Address.Host, _host.Functions.Address.Port, Cancellation);
        await using var stream = connection.GetStream();

        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/Reader?code={TestHost.FunctionKey} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nfirst"), Cancellation);

        Assert.Equal("read first", await _host.Journal.NextAsync());
        await stream.WriteAsync("later"u8.ToArray(), Cancellation);
        Assert.Equal("read later", await _host.Journal.NextAsync());
    }

    [Fact]
    public async Task A_client_that_goes_away_cancels_the_function()
    {
        using var patience = new CancellationTokenSource();
        var request = _host.Http.GetAsync($"api/Waits?code={TestHost.FunctionKey}", patience.Token);
        Assert.Equal("waiting", await _host.Journal.NextAsync());

        await patience.CancelAsync();

        Assert.Equal("cancelled", await _host.Journal.NextAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    [Fact]
    public async Task A_request_of_an_old_client_without_a_host_is_answered()
        => Assert.Equal("HTTP/1.1 200 OK", await FirstLineAsync($"GET /api/ByName?code={TestHost.FunctionKey} HTTP/1.0\r\n\r\n"));

    [Fact]
    public async Task A_body_beyond_the_platforms_limit_is_refused()
        => Assert.Equal(
            "HTTP/1.1 413 Payload Too Large",
            await FirstLineAsync($"POST /api/Reader?code={TestHost.FunctionKey} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {(100 * 1024 * 1024) + 1}\r\n\r\n"));

    [Fact]
    public async Task A_function_that_takes_too_long_is_cancelled()
    {
        await using var host = await TestHost.StartAsync(typeof(Samples), hostJson: new { functionTimeout = "00:00:00.2" }, services: services => services.AddScoped<Scope>());

        Assert.Equal("500", await host.GetAsync("api/Waits"));

        Assert.Equal(["waiting", "cancelled"], host.Journal.Rest());
        Assert.Contains(host.Log.Lines, line => line.Contains("Waits was cancelled: it took longer than 00:00:00.2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "ByName")]
    [InlineData("/v2/", "v2/ByName")]
    public async Task The_prefix_is_the_one_of_host_json(string prefix, string address)
    {
        await using var host = await TestHost.StartAsync(
            typeof(Samples), hostJson: new { extensions = new { http = new { routePrefix = prefix } } }, services: services => services.AddScoped<Scope>());

        Assert.Equal("200 by name", await host.GetAsync(address));
        Assert.Equal("404", await host.GetAsync("api/ByName"));
    }

    private async Task<string?> FirstLineAsync(string request)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(_host.Functions.Address.Host, _host.Functions.Address.Port, Cancellation);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancellation);
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync(Cancellation);
    }

    public sealed record Named(string Name);

    public sealed class Scope(Journal journal) : IDisposable
    {
        public Guid Id { get; } = Guid.NewGuid();

        public void Dispose() => journal.Write("disposed");
    }

    public static class Samples
    {
        [Function("ByName")]
        public static Task<HttpResponseData> ByName([HttpTrigger] HttpRequestData request) => Say(request, "by name");

        [Function("Thing")]
        public static Task<HttpResponseData> Thing([HttpTrigger(AuthorizationLevel.Function, "get", Route = "things/{id:int}")] HttpRequestData request, int id)
            => Say(request, $"{id}");

        [Function("Hello")]
        public static Task<HttpResponseData> Hello([HttpTrigger(AuthorizationLevel.Function, "get", Route = "/hello/{name?}")] HttpRequestData request, string? name)
            => Say(request, $"hello {name ?? "nobody"}");

        [Function("Files")]
        public static Task<HttpResponseData> Files([HttpTrigger(AuthorizationLevel.Function, "get", Route = "files/{*path}")] HttpRequestData request, string? path)
            => Say(request, path ?? "(null)");

        [Function("Page")]
        public static Task<HttpResponseData> Page([HttpTrigger(AuthorizationLevel.Function, "get", Route = "page/{number:int?}")] HttpRequestData request, int number = 1)
            => Say(request, $"{number}");

        [Function("Types")]
        public static Task<HttpResponseData> Types(
            [HttpTrigger(AuthorizationLevel.Function, "get", Route = "types/{a}/{b:guid}/{c:bool}/{d}")] HttpRequestData request, long a, Guid b, bool? c, double d)
            => Say(request, FormattableString.Invariant($"{a} {b} {c} {d}"));

        [Function("Unconstrained")]
        public static Task<HttpResponseData> Unconstrained([HttpTrigger(AuthorizationLevel.Function, "get", Route = "unconstrained/{id}")] HttpRequestData request, int id)
            => Say(request, $"{id}");

        [Function("MethodsGet")]
        public static Task<HttpResponseData> MethodsGet([HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "methods")] HttpRequestData request)
            => Say(request, "got");

        [Function("MethodsPut")]
        public static HttpResponseData MethodsPut([HttpTrigger(AuthorizationLevel.Function, "put", Route = "methods")] HttpRequestData request)
            => request.CreateResponse(HttpStatusCode.Created);

        [Function("Throws")]
        public static Task<HttpResponseData> Throws([HttpTrigger] HttpRequestData request) => throw new InvalidOperationException("the inner secret");

        [Function("ThrowsLate")]
        public static Task<HttpResponseData> ThrowsLate([HttpTrigger] HttpRequestData request)
        {
            var response = request.CreateResponse(HttpStatusCode.OK);
            response.Headers.Add("x-half", "1");
            response.Body = new BrokenStream();
            return Task.FromResult(response);
        }

        [Function("ReturnsNothing")]
        public static void ReturnsNothing([HttpTrigger] HttpRequestData request) => _ = request;

        [Function("ReturnsTask")]
        public static async ValueTask ReturnsTask([HttpTrigger] HttpRequestData request) => await Task.Yield();

        [Function("ReturnsNull")]
        public static Task<HttpResponseData?> ReturnsNull([HttpTrigger] HttpRequestData request) => Task.FromResult<HttpResponseData?>(null);

        [Function("Rich")]
        public static async ValueTask<HttpResponseData> Rich([HttpTrigger] HttpRequestData request, CancellationToken cancellationToken)
        {
            var response = request.CreateResponse((HttpStatusCode)418);
            response.Headers.Add("x-many", ["one", "two"]);
            response.Cookies.Append(new HttpCookie("id", "7") { HttpOnly = true, Secure = true, SameSite = SameSite.Strict, MaxAge = 60, Path = "/api" });
            await response.WriteAsJsonAsync(new Named("teapot"), cancellationToken);
            return response;
        }

        [Function("Echo")]
        public static async Task<HttpResponseData> Echo([HttpTrigger(AuthorizationLevel.Function, "post")] HttpRequestData request, FunctionContext context)
        {
            var body = await request.ReadFromJsonAsync<Named>(context.CancellationToken);
            return await Say(request, string.Join(" | ",
                $"{request.Method} {request.Url.AbsoluteUri}",
                string.Join(',', request.Headers.GetValues("x-own")),
                string.Join(',', request.Cookies.Select(cookie => $"{cookie.Name}={cookie.Value}")),
                request.Query["q"],
                request.Headers.GetValues("Content-Type").Single(),
                body!.Name,
                $"{context.FunctionDefinition.Name} {context.FunctionDefinition.InputBindings.Values.Single().Type} {context.FunctionDefinition.EntryPoint} {Guid.TryParse(context.InvocationId, out _)}"));
        }

        [Function("Reader")]
        public static async Task Reader([HttpTrigger(AuthorizationLevel.Function, "post")] HttpRequestData request, FunctionContext context)
        {
            var buffer = new byte[5];
            while (await request.Body.ReadAsync(buffer, context.CancellationToken) > 0)
                context.InstanceServices.GetRequiredService<Journal>().Write($"read {Encoding.ASCII.GetString(buffer)}");
        }

        [Function("Waits")]
        public static async Task Waits([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequestData request, FunctionContext context, CancellationToken cancellationToken)
        {
            var journal = context.InstanceServices.GetRequiredService<Journal>();
            journal.Write("waiting");
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                journal.Write("cancelled");
                throw;
            }
        }

        [Function("Instance")]
        public static Task<HttpResponseData> Instance([HttpTrigger] HttpRequestData request, FunctionContext context)
        {
            var scope = context.InstanceServices.GetRequiredService<Scope>();
            Assert.Same(scope, context.InstanceServices.GetRequiredService<Scope>());
            context.GetLogger("Own").LogInformation("A line of its own.");
            return Say(request, $"{scope.Id}");
        }

        private static async Task<HttpResponseData> Say(HttpRequestData request, string text)
        {
            var response = request.CreateResponse(HttpStatusCode.OK);
            await response.WriteStringAsync(text);
            return response;
        }

        private sealed class BrokenStream : MemoryStream
        {
            public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new IOException("broken");
        }
    }
}

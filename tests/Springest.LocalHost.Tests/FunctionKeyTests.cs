using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Springest.LocalHost.Tests;

public sealed class FunctionKeyTests : IAsyncLifetime
{
    private TestHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync(typeof(Samples));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("Anonymous", null, true)]
    [InlineData("Anonymous", "wrong", true)]
    [InlineData("Anonymous", TestHost.FunctionKey, true)]
    [InlineData("Function", null, false)]
    [InlineData("Function", "", false)]
    [InlineData("Function", "wrong", false)]
    [InlineData("Function", TestHost.FunctionKey, true)]
    [InlineData("Function", TestHost.FunctionKey + " ", false)]
    [InlineData("Function", "CANARY-FUNCTION-KEY-4711", false)]
    [InlineData("Function", TestHost.MasterKey, true)]
    [InlineData("System", TestHost.FunctionKey, false)]
    [InlineData("System", TestHost.MasterKey, true)]
    [InlineData("Admin", null, false)]
    [InlineData("Admin", TestHost.FunctionKey, false)]
    [InlineData("Admin", TestHost.MasterKey, true)]
    public async Task A_key_opens_what_it_should_in_the_query_as_in_the_header(string level, string? key, bool opens)
    {
        var expected = opens ? HttpStatusCode.OK : HttpStatusCode.Unauthorized;

        using var byQuery = await _host.Http.GetAsync($"api/{level}" + (key is null ? "" : $"?code={Uri.EscapeDataString(key)}"), Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/{level}");
        if (key is not null && key == key.Trim())
            request.Headers.Add("x-functions-key", key);
        using var byHeader = await _host.Http.SendAsync(request, Cancellation);

        Assert.Equal(expected, byQuery.StatusCode);
        Assert.Equal(expected, byHeader.StatusCode);
    }

    [Theory]
    [InlineData("wrong", TestHost.FunctionKey, HttpStatusCode.Unauthorized)]
    [InlineData(TestHost.FunctionKey, "wrong", HttpStatusCode.OK)]
    public async Task The_header_goes_before_the_query(string header, string code, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/Function?code={code}");
        request.Headers.Add("x-functions-key", header);

        using var response = await _host.Http.SendAsync(request, Cancellation);

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData(TestHost.MasterKey, "Function", HttpStatusCode.NotFound)]
    [InlineData(TestHost.MasterKey, "nothing", HttpStatusCode.NotFound)]
    [InlineData(TestHost.FunctionKey, "Function", HttpStatusCode.Unauthorized)]
    [InlineData("", "nothing", HttpStatusCode.Unauthorized)]
    public async Task Only_the_master_key_may_start_a_timer_and_only_a_timer_starts(string key, string function, HttpStatusCode status)
    {
        using var response = await _host.Http.PostAsync($"admin/functions/{function}?code={key}", new StringContent("{}"), Cancellation);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Without_keys_nothing_but_the_anonymous_opens()
    {
        await using var host = await FunctionsHost.StartAsync(new()
        {
            Assembly = typeof(Samples).Assembly,
            Classes = [typeof(Samples)],
            Configuration = new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build(),
        }, Cancellation);
        using var http = new HttpClient { BaseAddress = host.Address };

        foreach (var address in (string[])["api/Function", "api/Function?code=", "api/Admin?code="])
        {
            using var response = await http.GetAsync(address, Cancellation);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        using var open = await http.GetAsync("api/Anonymous", Cancellation);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
    }

    public static class Samples
    {
        [Function("Anonymous")]
        public static HttpResponseData Anonymous([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequestData request) => request.CreateResponse();

        [Function("Function")]
        public static HttpResponseData Function([HttpTrigger] HttpRequestData request) => request.CreateResponse();

        [Function("System")]
        public static HttpResponseData System([HttpTrigger(AuthorizationLevel.System)] HttpRequestData request) => request.CreateResponse();

        [Function("Admin")]
        public static HttpResponseData Admin([HttpTrigger(AuthorizationLevel.Admin)] HttpRequestData request) => request.CreateResponse();
    }
}

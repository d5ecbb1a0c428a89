using System.Net;

namespace Springest.LocalHost.Tests;

public sealed class KeyTests(HostFixture fixture)
{
    private SampleHost Host => fixture.Host;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "sample/Open", null, HttpStatusCode.NonAuthoritativeInformation)]
    [InlineData("GET", "sample/echo", null, HttpStatusCode.Unauthorized)]
    [InlineData("GET", "sample/echo", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("GET", "sample/echo", SampleHost.FunctionKey, HttpStatusCode.OK)]
    [InlineData("GET", "sample/echo", SampleHost.MasterKey, HttpStatusCode.OK)]
    [InlineData("GET", "sample/echo", SampleHost.SystemKey, HttpStatusCode.Unauthorized)]
    [InlineData("GET", "sample/echo", SampleHost.OwnKey, HttpStatusCode.Unauthorized)]
    [InlineData("POST", "sample/Post", SampleHost.OwnKey, HttpStatusCode.NoContent)]
    [InlineData("POST", "sample/Post", SampleHost.FunctionKey, HttpStatusCode.NoContent)]
    [InlineData("GET", "sample/Admin", SampleHost.FunctionKey, HttpStatusCode.Unauthorized)]
    [InlineData("GET", "sample/Admin", SampleHost.MasterKey, HttpStatusCode.OK)]
    [InlineData("POST", "admin/functions/Yearly", null, HttpStatusCode.Unauthorized)]
    [InlineData("POST", "admin/functions/Yearly", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("POST", "admin/functions/Yearly", SampleHost.FunctionKey, HttpStatusCode.Forbidden)]
    [InlineData("POST", "admin/functions/Yearly", SampleHost.OwnKey, HttpStatusCode.Forbidden)]
    [InlineData("POST", "admin/functions/Yearly", SampleHost.MasterKey, HttpStatusCode.Accepted)]
    [InlineData("POST", "admin/functions/yearly", SampleHost.MasterKey, HttpStatusCode.Accepted)]
    [InlineData("POST", "admin/functions/Echo", SampleHost.MasterKey, HttpStatusCode.NotFound)]
    [InlineData("POST", "runtime/webhooks/blobs?functionName=Host.Functions.Take", null, HttpStatusCode.Unauthorized)]
    [InlineData("POST", "runtime/webhooks/blobs?functionName=Host.Functions.Take", SampleHost.FunctionKey, HttpStatusCode.Forbidden)]
    public async Task Key_opens_what_it_should_in_the_query_as_in_the_header(
        string method,
        string address,
        string? key,
        HttpStatusCode status)
    {
        using var byHeader = await Host.SendAsync(new HttpMethod(method), address, key: key);
        using var byQuery = await Host.SendAsync(
            new HttpMethod(method),
            $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}code={key}",
            key: null);

        Assert.Equal(status, byHeader.StatusCode);
        Assert.Equal(status, byQuery.StatusCode);
        Assert.Equal(
            "",
            status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? await byHeader.Content.ReadAsStringAsync(Cancellation) : ""
        );
    }

    [Theory]
    [InlineData(SampleHost.FunctionKey, "wrong", HttpStatusCode.OK)]
    [InlineData("wrong", SampleHost.FunctionKey, HttpStatusCode.Unauthorized)]
    public async Task Header_goes_before_the_query(string header, string code, HttpStatusCode status)
    {
        using var response = await Host.SendAsync(HttpMethod.Get, $"sample/echo?code={code}", key: header);

        Assert.Equal(status, response.StatusCode);
    }
}

using System.Net;
using System.Threading.Channels;
using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Springest.LocalHost.Tests;

public sealed class SmokeTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Everything_runs()
    {
        var seen = Channel.CreateUnbounded<string>();
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["AzureWebJobsStorage"] = azurite.ConnectionString }).Build();
        await using var host = await FunctionsHost.StartAsync(new()
        {
            Assembly = typeof(SmokeTests).Assembly, Configuration = settings, FunctionKey = "k",
            Classes = [typeof(Smoke)],
            ConfigureServices = services => services.AddSingleton(seen),
        }, TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = host.Address };
        using var no = await http.GetAsync("api/things/5", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, no.StatusCode);
        Assert.Equal("{\"Id\":5}", await http.GetStringAsync("api/things/5?code=k", TestContext.Current.CancellationToken));
        using var wrong = await http.PostAsync("api/things/5?code=k", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, wrong.StatusCode);
        using var bad = await http.GetAsync("api/things/x?code=k", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, bad.StatusCode);
        await host.InvokeTimerAsync("Tick", TestContext.Current.CancellationToken);
        Assert.Equal("tick", await seen.Reader.ReadAsync(TestContext.Current.CancellationToken));
        var container = azurite.Blobs.GetBlobContainerClient("smoke");
        await container.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await container.UploadBlobAsync("a/b.txt", BinaryData.FromString("hello"), TestContext.Current.CancellationToken);
        Assert.Equal("a/b txt hello", await seen.Reader.ReadAsync(TestContext.Current.CancellationToken));
    }

    public sealed class Smoke(Channel<string> seen)
    {
        [Function("Tick")]
        public void Tick([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer) => seen.Writer.TryWrite("tick");

        [Function("Thing")]
        public static async Task<HttpResponseData> Thing([HttpTrigger(AuthorizationLevel.Function, "get", Route = "things/{id:int}")] HttpRequestData request, int id, CancellationToken cancellationToken)
        {
            var response = request.CreateResponse(HttpStatusCode.OK);
            await response.WriteAsJsonAsync(new { Id = id }, cancellationToken);
            return response;
        }

        [Function("Blob")]
        public async Task Blob([BlobTrigger("smoke/{name}.{ext}", Source = BlobTriggerSource.EventGrid)] BlobClient blob, string name, string ext, CancellationToken cancellationToken)
            => seen.Writer.TryWrite($"{name} {ext} {(await blob.DownloadContentAsync(cancellationToken)).Value.Content}");
    }
}

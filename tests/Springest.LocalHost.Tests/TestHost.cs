using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Springest.LocalHost.Tests;

/// <summary>A host that runs the functions of one sample class, with a journal for them to write in.</summary>
public sealed class TestHost : IAsyncDisposable
{
    public const string FunctionKey = "canary-function-key-4711";
    public const string MasterKey = "canary-master-key-0815";

    private readonly string _hostJson;

    private TestHost(FunctionsHost functions, Journal journal, LogRecorder log, string hostJson)
    {
        (Functions, Journal, Log, _hostJson) = (functions, journal, log, hostJson);
        Http = new HttpClient { BaseAddress = functions.Address };
    }

    public FunctionsHost Functions { get; }

    public HttpClient Http { get; }

    public Journal Journal { get; }

    public LogRecorder Log { get; }

    public static async Task<TestHost> StartAsync(
        Type functions, TimeProvider? time = null, Dictionary<string, string?>? settings = null, object? hostJson = null,
        Action<IServiceCollection>? services = null, TimeSpan? stopGrace = null, Journal? journal = null)
    {
        journal ??= new Journal();
        var log = new LogRecorder();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(hostJson ?? new { version = "2.0" }));
        try
        {
            var host = await FunctionsHost.StartAsync(new FunctionsHostOptions
            {
                Assembly = functions.Assembly,
                Classes = [functions],
                Configuration = new ConfigurationBuilder().AddInMemoryCollection(settings ?? []).Build(),
                FunctionKey = FunctionKey,
                MasterKey = MasterKey,
                HostJsonPath = file,
                StopGrace = stopGrace ?? TimeSpan.FromSeconds(5),
                ConfigureServices = collection =>
                {
                    collection.AddSingleton(journal);
                    collection.AddSingleton(time ?? TimeProvider.System);
                    services?.Invoke(collection);
                },
                ConfigureLogging = logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log),
            }, TestContext.Current.CancellationToken);
            return new TestHost(host, journal, log, file);
        }
        catch
        {
            File.Delete(file);
            throw;
        }
    }

    /// <summary>Asks with the function key.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        request.Headers.Add("x-functions-key", FunctionKey);
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Gets with the function key; the answer is its status and its body.</summary>
    public async Task<string> GetAsync(string address)
    {
        using var response = await SendAsync(HttpMethod.Get, address);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}".TrimEnd();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Functions.DisposeAsync();
        File.Delete(_hostJson);
    }
}

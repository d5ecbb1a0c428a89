using System.Net;
using Springest.Testing;

namespace Springest.LocalHost.Tests;

/// <summary>The local host as a process, with the sample app.</summary>
internal sealed class SampleHost : IAsyncDisposable
{
    public const string FunctionKey = "canary-function";
    public const string MasterKey = "canary-master";
    public const string SystemKey = "canary-system";
    public const string OwnKey = "canary-own";

    private SampleHost(AppProcess process)
    {
        Process = process;
        Http = new HttpClient { BaseAddress = process.Address, Timeout = TimeSpan.FromMinutes(5) };
    }

    public AppProcess Process { get; }

    /// <summary>Shows no key.</summary>
    public HttpClient Http { get; }

    /// <summary>The sample app as it is built: the same files as a publish of it.</summary>
    public static string App
        => Path.GetFullPath(
            Path.Combine(AppProcess.Program, "../../../Springest.SampleApp", new DirectoryInfo(AppContext.BaseDirectory).Name));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string LogFile() => Path.Combine(Path.GetTempPath(), $"local-host-{Guid.NewGuid():N}.log");

    /// <summary>What the sample needs. Locks, schedules and the queue of blobs are its own.</summary>
    /// <param name="storage">The connection string of the account.</param>
    /// <param name="more">Further ones; an empty value takes a setting away.</param>
    public static Dictionary<string, string> Settings(string storage, params (string Name, string Value)[] more)
    {
        var id = $"t{Guid.NewGuid():N}"[..20];
        var settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = storage,
            ["AzureFunctionsWebHost__hostid"] = id,
            ["LocalHost__App"] = App,
            ["LocalHost__FunctionKey"] = FunctionKey,
            ["LocalHost__FunctionKeys__Post"] = OwnKey,
            ["LocalHost__MasterKey"] = MasterKey,
            ["LocalHost__SystemKey"] = SystemKey,
            ["Sample__Schedule"] = "0 0 0 1 1 *",
            ["Sample__Container"] = id,
        };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
            if (value.Length == 0)
                settings.Remove(name);
        }
        return settings;
    }

    /// <summary>Starts a host that is expected to fail.</summary>
    /// <returns>Its error message.</returns>
    public static async Task<string> FailAsync(Dictionary<string, string> settings, int port = 0)
    {
        var log = LogFile();
        var failure = await Assert.ThrowsAsync<StartException>(() => AppProcess.StartAsync(settings, log, port, Cancellation));
        File.Delete(log);
        return failure.Message;
    }

    public static async Task<SampleHost> StartAsync(Dictionary<string, string> settings)
        => new(await AppProcess.StartAsync(settings, LogFile(), cancellationToken: Cancellation));

    public Task<HttpResponseMessage> GetAsync(string address) => SendAsync(HttpMethod.Get, address);

    public async Task<string> TextAsync(string address)
    {
        using var response = await GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    /// <summary>Shows the function key, or another.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string address,
        HttpContent? content = null,
        string? key = FunctionKey)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    public async Task<IReadOnlyList<string>> WaitForAsync(string line, int count = 1)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(100));
        return await Process.WaitForLinesAsync(line, count, patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        // The tests of a good end have seen it by now.
        Process.Kill();
        await Process.DisposeAsync();
        File.Delete(Process.LogFile);
    }
}

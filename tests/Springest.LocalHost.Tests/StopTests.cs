using System.Diagnostics;
using System.Net;

namespace Springest.LocalHost.Tests;

public sealed class StopTests(HostFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_runs_ends_and_what_does_not_is_cancelled()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGTERM to send.");
        await using var host = await StartLongAsync();
        var (@short, @long) = (host.GetAsync("sample/wait/1000"), host.GetAsync("sample/wait/60000"));
        await host.WaitForAsync("journal: waiting", 2);
        var worker = Process.GetProcessById(host.Process.WorkerId);

        var exitCode = await host.Process.StopAsync(Cancellation);

        Assert.Equal(0, exitCode);
        Assert.True(worker.HasExited);
        Assert.Equal(HttpStatusCode.OK, (await @short).StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, (await @long).StatusCode);
        var log = await HttpTests.ReadAsync(host.Process.LogFile);
        Assert.Contains("Long is cancelled", log, StringComparison.Ordinal);
        Assert.Contains("Wait is cancelled", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_that_a_parent_passes_on_is_one_order_to_stop()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals to send.");
        await using var host = await StartLongAsync();
        var request = host.GetAsync("sample/wait/1000");
        await host.WaitForAsync("journal: waiting");

        host.Process.Interrupt();
        var stopped = host.Process.StopAsync(Cancellation);

        Assert.Equal(HttpStatusCode.OK, (await request).StatusCode);
        Assert.Equal(0, await stopped);
        Assert.Contains("Long is cancelled", await HttpTests.ReadAsync(host.Process.LogFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caller_that_goes_away_cancels_the_function()
    {
        await using var host = await SampleHost.StartAsync(SampleHost.Settings(azurite.ConnectionString));
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var request = host.Http.GetAsync($"sample/wait/60000?code={SampleHost.FunctionKey}", gone.Token);
        await host.WaitForAsync("journal: waiting");

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await host.WaitForAsync("Wait is cancelled");
    }

    /// <summary>A host in which a function runs that ends only when it is cancelled.</summary>
    private async Task<SampleHost> StartLongAsync()
    {
        var host = await SampleHost.StartAsync(SampleHost.Settings(azurite.ConnectionString, ("LocalHost__StopGrace", "00:00:06")));
        using var started = await host.SendAsync(HttpMethod.Post, "admin/functions/Long", key: SampleHost.MasterKey);
        await host.WaitForAsync("journal: long begins");
        return host;
    }
}

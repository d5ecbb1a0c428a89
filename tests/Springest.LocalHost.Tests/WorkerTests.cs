using System.Net;

namespace Springest.LocalHost.Tests;

public sealed class WorkerTests(HostFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_that_dies_is_replaced_until_it_has_died_too_often()
    {
        await using var host = await SampleHost.StartAsync(SampleHost.Settings(azurite.ConnectionString, ("LocalHost__MaxRestarts", "2")));
        using var dies = await host.GetAsync("sample/Dies");
        await host.WaitForAsync("is ready", 2);
        Assert.Equal($"{host.Process.WorkerId}", await host.TextAsync("sample/Quiet"));
        var waiting = host.GetAsync("sample/wait/60000");
        await host.WaitForAsync("journal: waiting");
        host.Process.KillWorker();
        using var cut = await waiting;
        await host.WaitForAsync("is ready", 3);
        await host.TextAsync("sample/Quiet");

        host.Process.KillWorker();
        var exitCode = await host.Process.ExitAsync(Cancellation);

        Assert.Equal(1, exitCode);
        Assert.Equal(HttpStatusCode.InternalServerError, dies.StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, cut.StatusCode);
        Assert.Contains(
            "Workers ended more than 2 times within 30 minutes. The last one ended with code 137.",
            await HttpTests.ReadAsync(host.Process.LogFile),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_scale_group_may_have_a_worker_of_its_own()
    {
        await using var host = await SampleHost.StartAsync(SampleHost.Settings(
            azurite.ConnectionString, ("LocalHost__Workers", "PerScaleGroup"), ("Sample__Schedule", "* * * * * *")));

        var http = await host.TextAsync("sample/Quiet");
        var tick = (await host.WaitForAsync("journal: tick"))[0];
        // HTTP, blobs, and three timers.
        await host.WaitForAsync("is ready", 5);

        Assert.DoesNotContain($"tick in {http},", tick, StringComparison.Ordinal);
    }
}

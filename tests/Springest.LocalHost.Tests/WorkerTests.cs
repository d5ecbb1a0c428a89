using System.Net;
using Springest.Testing;

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
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.WaitForAsync("is ready", 4));
        await host.Process.DisposeAsync();

        Assert.Equal(HttpStatusCode.InternalServerError, dies.StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, cut.StatusCode);
        Assert.Contains("Workers ended 3 times within 30 minutes. The last one ended with code 137.", await HttpTests.ReadAsync(host.Process.LogFile), StringComparison.Ordinal);
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

    [Theory]
    [InlineData("never says hello", "The worker did not say hello (StartStream) within 3 s.")]
    [InlineData("says a wrong id", "PermissionDenied")]
    [InlineData("says hello twice", "The worker said hello twice (StartStream).")]
    [InlineData("closes its stream", "The worker closed its stream.")]
    [InlineData("ends at once", "The worker ended with code 3.")]
    [InlineData("answers nothing", "The worker did not answer WorkerInitRequest within 3 s.")]
    [InlineData("fails to begin", "The worker could not be initialized: A reason.")]
    [InlineData("has no web server", "The worker has no web server of its own. Its Program.cs must call ConfigureFunctionsWebApplication().")]
    [InlineData("has a strange trigger", "Function Strange has the trigger queueTrigger; the local host runs httpTrigger, timerTrigger and blobTrigger.")]
    [InlineData("has no trigger", "Function Strange has no trigger.")]
    [InlineData("writes no JSON", "The worker describes the bindings of function Strange wrongly. ")]
    [InlineData("tells of a function twice", "The worker tells of function Strange twice.")]
    [InlineData("cannot load", "The worker could not load function Strange: A reason.")]
    [InlineData("dies while loading", "The worker ended with code 7.")]
    [InlineData("", "The worker did not open its web server within 3 s.")]
    public async Task Worker_that_breaks_the_protocol_ends_the_host_with_a_sentence(string fault, string sentence)
    {
        var settings = SampleHost.Settings(
            azurite.ConnectionString, ("Sample__Fake", fault is "" ? "speaks well" : fault), ("LocalHost__StartTimeout", "00:00:03"), ("LocalHost__StopGrace", "00:00:01"));

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => AppProcess.StartAsync(settings, SampleHost.LogFile(), cancellationToken: Cancellation));

        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
    }
}

using Springest.Testing;

namespace Springest.LocalHost.Tests;

/// <summary>Workers that break the protocol.</summary>
public sealed class FaultTests(HostFixture azurite)
{
    [Theory]
    [InlineData("says a wrong id", "PermissionDenied")]
    [InlineData("says hello twice", "The worker said hello twice (StartStream).")]
    [InlineData("closes its stream", "The worker closed its stream.")]
    [InlineData("ends at once", "The worker ended with code 3.")]
    [InlineData("fails to begin", "The worker could not be initialized: A reason.")]
    [InlineData(
        "has no web server",
        "The worker has no web server of its own. Its Program.cs must call ConfigureFunctionsWebApplication()."
    )]
    [InlineData(
        "has a strange trigger",
        "Function Strange has the trigger queueTrigger; the local host runs HTTP, timer and blob triggers."
    )]
    [InlineData("has no trigger", "Function Strange has no trigger.")]
    [InlineData("writes no JSON", "The worker describes function Strange by wrong bindings. ")]
    [InlineData("tells of a function twice", "The worker tells of function Strange twice.")]
    [InlineData("cannot load", "The worker could not load function Strange: A reason.")]
    [InlineData("dies while loading", "The worker ended with code 7.")]
    public Task Worker_that_breaks_the_protocol_ends_the_host_with_a_sentence(string fault, string sentence)
        => EndsAsync(fault, sentence, TimeSpan.FromSeconds(60));

    [Theory]
    [InlineData("never says hello", "The worker did not say hello (StartStream) within 1 s.", 1)]
    [InlineData("answers nothing", "The worker did not answer WorkerInitRequest within 15 s.", 15)]
    [InlineData("listens nowhere", "The worker did not open its web server within 15 s.", 15)]
    public Task Worker_that_is_silent_ends_the_host_with_a_sentence(string fault, string sentence, int seconds)
        => EndsAsync(fault, sentence, TimeSpan.FromSeconds(seconds));

    private async Task EndsAsync(string fault, string sentence, TimeSpan patience)
    {
        var settings = SampleHost.Settings(
            azurite.ConnectionString,
            ("Sample__Fake", fault),
            ("LocalHost__StartTimeout", $"{patience}"),
            ("LocalHost__StopGrace", "00:00:01"));

        var failure = await Assert.ThrowsAsync<StartException>(
            () => AppProcess.StartAsync(settings, SampleHost.LogFile(), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
    }
}

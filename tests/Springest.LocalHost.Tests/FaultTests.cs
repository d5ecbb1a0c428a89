namespace Springest.LocalHost.Tests;

/// <summary>Workers that break the protocol.</summary>
public sealed class FaultTests(HostFixture azurite)
{
    private const int MostSeconds = 60;

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
    public async Task Worker_that_breaks_the_protocol_ends_the_host_with_a_sentence(string fault, string sentence)
        => Assert.Contains(sentence, await FailAsync(fault, MostSeconds), StringComparison.Ordinal);

    [Theory]
    [InlineData("never says hello", "The worker did not say hello (StartStream)", 1)]
    [InlineData("answers nothing", "The worker did not answer WorkerInitRequest", 5)]
    [InlineData("listens nowhere", "The worker did not open its web server", 5)]
    public async Task Worker_that_is_silent_ends_the_host_with_a_sentence(string fault, string sentence, int seconds)
    {
        var said = await FailAsync(fault, seconds);
        // On a busy machine what comes before, the hello first of all, may take as long.
        while (!said.Contains(sentence, StringComparison.Ordinal) && seconds < MostSeconds)
            said = await FailAsync(fault, seconds *= 2);

        Assert.Contains($"{sentence} within {seconds} s.", said, StringComparison.Ordinal);
    }

    private Task<string> FailAsync(string fault, int seconds) => SampleHost.FailAsync(SampleHost.Settings(
        azurite.ConnectionString,
        ("Sample__Fake", fault),
        ("LocalHost__StartTimeout", $"{TimeSpan.FromSeconds(seconds)}"),
        ("LocalHost__StopGrace", "00:00:01")));
}

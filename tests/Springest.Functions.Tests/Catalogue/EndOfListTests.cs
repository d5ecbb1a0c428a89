using System.Net;
using Springest.Functions.Catalogue;
using Springest.Functions.Storage;
using Springest.Testing;
using Springest.Testing.Memory;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>A list that names no total: how far a pass has come says nothing about whether it has seen everything.</summary>
public sealed class EndOfListTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly MemoryStorage _memory;
    private readonly ChaosApi _api;

    public EndOfListTests()
    {
        _memory = new MemoryStorage(_clock) { AnswersAtOnce = true };
        _api = new ChaosApi(_clock) { TellsTotal = false };
        for (var id = 1; id <= 95; id++)
            _api.Put(id, "Old");
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(null)]
    public async Task A_pass_over_it_that_is_interrupted_goes_on_to_the_end(HttpStatusCode? status)
    {
        await using var app = await StartAsync();
        Interrupt(status);

        Assert.Equal(TickOutcome.Paused, await app.TickAsync());
        _api.Fault = _ => null;
        Assert.Equal(TickOutcome.Completed, await NextTickAsync(app));

        Assert.Equal(_api.Records.Keys, (await app.RecordsAsync()).Keys.Order());
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(null)]
    public async Task What_lies_behind_an_interruption_is_not_missing(HttpStatusCode? status)
    {
        await using var app = await StartAsync();
        await app.CompleteAsync();
        Assert.Equal(4, _api.Requests);

        for (var pass = 0; pass < 3; pass++)
        {
            Interrupt(status);
            Assert.Equal(TickOutcome.Paused, await NextTickAsync(app));
            _api.Fault = _ => null;
            Assert.Equal(TickOutcome.Completed, await NextTickAsync(app));
            Assert.DoesNotContain((await app.RowsAsync("Trainings")).Values, row => row.ContainsKey("MissingSince"));
        }
    }

    [Fact]
    public async Task A_record_at_its_end_that_breaks_the_page_costs_only_itself()
    {
        await using var app = await StartAsync();
        _api.Fault = offset => offset is 90 or 93 ? ChaosApi.Answer("", HttpStatusCode.InternalServerError) : null;
        for (var tick = 0; tick < 3; tick++)
            Assert.Equal(TickOutcome.Paused, await NextTickAsync(app));
        _api.Fault = offset => offset is 93 ? ChaosApi.Answer("", HttpStatusCode.InternalServerError) : null;

        Assert.Equal(TickOutcome.Completed, await NextTickAsync(app));

        Assert.Equal(_api.Records.Keys.Where(id => id != 94), (await app.RecordsAsync()).Keys.Order());
        Assert.Null((await app.RowsAsync(Tables.MirrorState)).Values.Single().GetDateTimeOffset("FullCompleted"));
    }

    public void Dispose()
    {
        _api.Dispose();
        _memory.Dispose();
    }

    /// <param name="status">What the third page answers; null is that the tick's time is over by then.</param>
    private void Interrupt(HttpStatusCode? status)
        => _api.Fault = offset =>
        {
            if (offset == 60 && status is null)
                _clock.Advance(TimeSpan.FromSeconds(1));
            return offset == 60 && status is { } wrong ? ChaosApi.Answer("", wrong) : null;
        };

    private Task<TickOutcome> NextTickAsync(MirrorApp app)
    {
        _clock.Advance(TimeSpan.FromMinutes(5));
        return app.TickAsync();
    }

    private Task<MirrorApp> StartAsync() => MirrorApp.StartAsync(
        MemoryStorage.ConnectionString,
        "t",
        new Uri("https://api.example"),
        new() { ["Springest:Sites:nl:Retries"] = "0", ["Springest:Mirror:Prefetch"] = "1", ["Springest:Mirror:TimeBudget"] = "00:00:01" },
        _clock,
        _memory,
        _api);
}

using System.Net;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Sync;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>A list that names no total: how far a pass has come says nothing about whether it has seen everything.</summary>
public sealed class EndOfListTests : IDisposable
{
    private readonly MemoryWorld _world = new(trainings: 95) { Api = { TellsTotal = false } };

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(null)]
    public async Task A_pass_over_it_that_is_interrupted_goes_on_to_the_end(HttpStatusCode? status)
    {
        await using var app = await StartAsync();
        Interrupt(status);

        Assert.Equal(SyncOutcome.Unfinished, await _world.TickAsync(app));
        // Want of quota or of time is no problem.
        Assert.Equal(status is HttpStatusCode.ServiceUnavailable, await app.ProblemAsync() is not null);
        _world.Api.Fault = _ => null;
        Assert.Equal(SyncOutcome.Completed, await _world.TickAsync(app));
        Assert.Null(await app.ProblemAsync());

        Assert.Equal(_world.Api.Records.Keys, (await app.RecordsAsync()).Keys.Order());
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(null)]
    public async Task What_lies_behind_an_interruption_is_not_missing(HttpStatusCode? status)
    {
        await using var app = await StartAsync();
        await app.CompleteAsync();
        Assert.Equal(4, _world.Api.Requests);

        for (var pass = 0; pass < 3; pass++)
        {
            Interrupt(status);
            Assert.Equal(SyncOutcome.Unfinished, await _world.TickAsync(app));
            _world.Api.Fault = _ => null;
            Assert.Equal(SyncOutcome.Completed, await _world.TickAsync(app));
            Assert.DoesNotContain((await app.RowsAsync("Trainings")).Values, row => row.ContainsKey("MissingSince"));
        }
    }

    [Fact]
    public async Task A_record_at_its_end_that_breaks_the_page_costs_only_itself()
    {
        await using var app = await StartAsync();
        _world.Api.Broken.Add(94);

        Assert.Equal(SyncOutcome.Completed, await _world.TickAsync(app));

        Assert.Equal(_world.Api.Records.Keys.Where(id => id != 94), (await app.RecordsAsync()).Keys.Order());
        Assert.NotNull((await app.RowsAsync(CatalogueStorage.MirrorState)).Values.Single().GetDateTimeOffset("FullCompleted"));
    }

    public void Dispose() => _world.Dispose();

    /// <param name="status">What the third page answers; null is that the tick's time is over by then.</param>
    private void Interrupt(HttpStatusCode? status)
    {
        if (status is { } wrong)
            _world.Api.FailFrom(60, wrong);
        else
            _world.Api.Fault = offset =>
            {
                if (offset == 60)
                    _world.Clock.Advance(TimeSpan.FromSeconds(1));
                return null;
            };
    }

    private Task<MirrorApp> StartAsync() => _world.StartAsync(new() { ["Springest:Mirror:TimeBudget"] = "00:00:01" });
}

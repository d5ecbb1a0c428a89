using System.Net;
using Springest.Client;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Sync;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>A page that fails, of which not the records are the reason, or of which they take long.</summary>
public sealed class StubbornPageTests : IDisposable
{
    private readonly MemoryWorld _world = new(trainings: 40);

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.MethodNotAllowed)]
    public async Task A_list_that_there_is_not_is_asked_for_once_a_tick(HttpStatusCode status)
    {
        await using var app = await _world.StartAsync();
        _world.Api.Fault = _ => ChaosApi.Answer("", status);

        for (var tick = 0; tick < 6; tick++)
            await Assert.ThrowsAsync<SpringestException>(() => _world.TickAsync(app));

        Assert.Equal(6, _world.Api.Requests);
        _world.Api.Fault = _ => null;
        await _world.CompleteAsync(app);
        Assert.Equal(_world.Api.Records.Keys, (await app.RecordsAsync()).Keys.Order());
    }

    [Fact]
    public async Task A_list_that_never_answers_takes_no_longer_than_the_tick_has()
    {
        await using var app = await _world.StartAsync(new() { ["Springest:Mirror:TimeBudget"] = "00:01:00" });
        _world.Api.Fault = Hang;

        for (var tick = 0; tick < 6; tick++)
        {
            var started = _world.Clock.GetUtcNow() + TimeSpan.FromMinutes(5);
            Assert.Equal(SyncOutcome.Unfinished, await _world.TickAsync(app));
            Assert.InRange(_world.Clock.GetUtcNow() - started, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(90));
        }

        _world.Api.Fault = _ => null;
        await _world.CompleteAsync(app);
        Assert.Equal(_world.Api.Records.Keys, (await app.RecordsAsync()).Keys.Order());
    }

    [Fact]
    public async Task A_record_that_never_comes_costs_only_itself_although_that_takes_longer_than_the_lock_lasts()
    {
        await using var app = await _world.StartAsync(
            new() { ["Springest:Mirror:LeaseDuration"] = "00:00:20", ["Springest:Mirror:TimeBudget"] = "00:09:00" });
        _world.Api.Broken.Add(6);
        _world.Api.Before = () =>
        {
            _world.Clock.Advance(TimeSpan.FromSeconds(14));
            return Task.CompletedTask;
        };

        Assert.Equal(SyncOutcome.Completed, await _world.TickAsync(app));

        Assert.Equal(_world.Api.Records.Keys.Where(id => id != 6), (await app.RecordsAsync()).Keys.Order());
        Assert.DoesNotContain((await app.RowsAsync(nameof(Trainings))).Values, row => row.ContainsKey("MissingSince"));
        var status = await app.Status.ReadAsync(TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, status.Unread);
        _world.Api.Broken.Clear();
        await _world.CompleteAsync(app);
        Assert.Contains(6, (await app.RecordsAsync()).Keys);
    }

    public void Dispose() => _world.Dispose();

    /// <summary>As long as the client waits for an answer.</summary>
    private HttpResponseMessage Hang(int offset)
    {
        _world.Clock.Advance(TimeSpan.FromSeconds(30));
        throw new OperationCanceledException($"Nothing came at {offset}.");
    }
}

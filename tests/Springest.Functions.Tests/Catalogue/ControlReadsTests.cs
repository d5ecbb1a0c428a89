using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.Sync;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>Who shares a control read with whom.</summary>
public sealed class ControlReadsTests
{
    private static readonly MirrorScope Scope = new("nl", Trainings.Description);

    private readonly ControlReads _controls = new(TimeProvider.System);
    private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Those_who_ask_during_one_share_the_next_which_begins_at_its_end()
    {
        var (end, reads) = (new TaskCompletionSource<long?>(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        var first = AskAsync(() =>
        {
            _began.SetResult();
            return end.Task;
        });
        await _began.Task;

        var next = Enumerable.Range(0, 8)
            .Select(_ => AskAsync(() => Task.FromResult<long?>(8 + Interlocked.Increment(ref reads))))
            .ToList();
        Assert.Equal(0, Volatile.Read(ref reads));
        end.SetResult(7);

        Assert.Equal(7, await first);
        Assert.Equal(Enumerable.Repeat<long?>(9, 8), await Task.WhenAll(next));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_began_one_and_is_stopped_takes_nobody_along(bool fromNow)
    {
        using var stop = new CancellationTokenSource();
        var first = _controls.FindMissingAsync(
            Scope,
            fromNow,
            async () =>
            {
                _began.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token);
                return 7;
            },
            stop.Token);
        await _began.Task;
        var other = _controls.FindMissingAsync(Scope, fromNow, () => Task.FromResult<long?>(9), Cancellation);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(9, await other);
    }

    private Task<long?> AskAsync(Func<Task<long?>> read) => _controls.FindMissingAsync(Scope, fromNow: true, read, Cancellation);
}

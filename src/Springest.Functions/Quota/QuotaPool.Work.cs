namespace Springest.Functions.Quota;

// Asking for grants and handing out permits.
internal sealed partial class QuotaPool
{
    private const string Blocked = "The server asked for a pause.";
    private const string NoneInHand = "No permit is in hand.";
    private const string QueueFull = "Too many requests are waiting for the quota already.";
    private const string Stopping = "The app is stopping.";
    private const string TooLate = "No permit came in time.";
    private const string UsedUp = "The quota is used up.";
    private const string Unreachable = "The shared quota cannot be reached.";

    // One exchange at a time: whoever finds the work undone begins it, and it goes on until there is nothing to do for now.
    private void StartWork()
    {
        lock (_lock)
        {
            if (_working || _stopped.Task.IsCompleted)
                return;
            _working = true;
        }

        using (ExecutionContext.SuppressFlow()) // the work is for all who wait, not for the caller that happened to begin it
            _ = WorkAsync();
    }

    private async Task WorkAsync()
    {
        while (Next() is { } request)
        {
            var began = _counter.Now;
            var reply = await _counter.ExchangeAsync(request);
            Settle(request, reply, _counter.Now - began);
        }
    }

    // What to ask for now; or null, with the timer set for when there will be something to do.
    private QuotaRequest? Next()
    {
        lock (_lock)
        {
            var now = _counter.Now;
            Serve(now);
            Dismiss(now);
            if (_disposed)
                return Farewell(now);
            if (now >= _pausedUntil)
            {
                for (var c = 0; c < _lanes.Length; c++)
                {
                    if (_lanes[c] is { Queue.First: { } first } lane && lane.AskAt <= now)
                        return Ask((QuotaClass)c, Math.Max(1, first.Value.Permits), lane.Target(_options.ChunkSize, _shape.GrantLife, now), now);
                }

                if (_blockUnsaid || (_hand.Count > 0 && now >= _hand.Expires))
                    return Ask(QuotaClass.Catalogue, 0, 0, now);
            }

            _working = false;
            SetTimer(now);
            return null;
        }
    }

    // What is left to tell the store when the app stops.
    private QuotaRequest? Farewell(long now)
    {
        if ((_hand.Count > 0 || _blockUnsaid) && _farewells++ < 2)
            return Ask(QuotaClass.Catalogue, 0, 0, now);
        _working = false;
        _stopped.TrySetResult();
        return null;
    }

    // The permits in hand are put aside, and given back in the same write; so there are never two grants at once.
    private QuotaRequest Ask(QuotaClass priority, int least, int most, long now)
    {
        _aside = _hand;
        _hand = default;
        return new QuotaRequest(priority, least, most)
        {
            Unused = _aside.Count,
            UnusedSlot = _aside.Slot,
            Block = _blockUnsaid ? Math.Max(0, _blockedUntil - now) : 0,
        };
    }

    private void Settle(QuotaRequest request, QuotaReply reply, long took)
    {
        lock (_lock)
        {
            var now = _counter.Now;
            if (reply.Result is QuotaResult.Conflict or QuotaResult.Unreachable or QuotaResult.Unknown)
            {
                Pause(request, reply.Result, now, took);
                return;
            }

            if (reply.Result == QuotaResult.Unchanged)
                _hand = _aside;
            else
                _activity = _activity with { Returned = _activity.Returned + _aside.Count };
            if (request.Block > 0 && _blockedUntil - now <= request.Block)
                _blockUnsaid = false;

            if (reply.Outcome.Granted > 0)
            {
                _activity = _activity with { Grants = _activity.Grants + 1, Granted = _activity.Granted + reply.Outcome.Granted };
                _hand = new Grant(reply.Outcome.Granted, reply.Outcome.Slot, reply.Outcome.OpenTo, reply.Asked + _shape.GrantLife);
                _lanes[(int)request.Class].Granted(reply.Outcome.Granted, now);
            }
            else if (request.Most > 0)
            {
                Close(request.Class, reply, now);
            }
        }
    }

    // Nothing is granted. If no write was sent, what was put aside is still there; otherwise it may have been given back, also when
    // the answer was a conflict: that may be the answer to a repetition by the network.
    private void Pause(in QuotaRequest request, QuotaResult result, long now, long took)
    {
        if (result == QuotaResult.Unreachable)
            _hand = _aside;
        else
            _activity = _activity with { Lost = _activity.Lost + _aside.Count };
        _activity = result == QuotaResult.Conflict
            ? _activity with { Conflicts = _activity.Conflicts + 1 }
            : _activity with { Failures = _activity.Failures + 1 };
        _trouble = result == QuotaResult.Conflict ? TooLate : Unreachable;

        // A race that was lost quickly was lost to few: any pause would be longer than another try. Otherwise how long it took tells how
        // many there are, and so by when all of them can be through who spread over the time till then.
        if (result == QuotaResult.Conflict && took < TimerTick.Ticks)
            return;
        _throughBy = Math.Max(_throughBy, now + (result == QuotaResult.Conflict ? Math.Min(5 * took, LongestPause.Ticks) : OutagePause.Ticks));
        (_pausedClass, _pausedUntil) = (request.Class, now + (long)((_throughBy - now) * _random.NextDouble()));
    }

    // Classes that come after the refused one have no more than it has. The store is asked again at least once per life of a
    // grant, since others may have given permits back.
    private void Close(QuotaClass refused, QuotaReply reply, long now)
    {
        var opensAt = reply.Asked + reply.Outcome.Wait;
        var askAt = Math.Min(opensAt, now + _shape.GrantLife) + _random.NextInt64(1 + _shape.SlotLength / 5);
        _lanes[(int)refused].Close(opensAt, askAt, reply.Outcome.Blocked ? Blocked : UsedUp);
        for (var c = reply.Outcome.Blocked ? 0 : (int)refused + 1; c < _lanes.Length; c++)
            _lanes[c].Close(Math.Max(opensAt, _lanes[c].OpensAt), Math.Max(askAt, _lanes[c].AskAt), _lanes[(int)refused].Reason);
    }

    private void Serve(long now)
    {
        foreach (var lane in _lanes)
        {
            while (lane.Queue.First is { } waiter)
            {
                if (!Take((QuotaClass)Array.IndexOf(_lanes, lane), waiter.Value.Permits, now))
                    return;
                Answer(lane, waiter, QuotaLease.Granted);
            }
        }
    }

    // Those whose patience is over, or is known not to last until there are permits.
    private void Dismiss(long now)
    {
        foreach (var lane in _lanes)
        {
            while (lane.Queue.First is { } waiter && (waiter.Value.Deadline <= now || lane.ClosedAt(waiter.Value.Deadline, now)))
                Answer(lane, waiter, Refuse(lane, now, lane.OpensAt > now ? lane.Reason : _trouble));
        }
    }

    // Nobody overtakes those who wait in the same class or one before it.
    private bool TryTake(QuotaClass priority, int permits, long now)
    {
        for (var c = 0; c <= (int)priority; c++)
        {
            if (_lanes[c].Queue.Count > 0)
                return false;
        }

        return Take(priority, permits, now);
    }

    private bool Take(QuotaClass priority, int permits, long now)
    {
        if (InHand(priority, now) < Math.Max(1, permits))
            return false;
        _hand = _hand with { Count = _hand.Count - permits };
        _lanes[(int)priority].Take(permits, now);
        return true;
    }

    private int InHand(QuotaClass priority, long now)
        => priority <= _hand.OpenTo && now < _hand.Expires && now >= _blockedUntil ? _hand.Count : 0;

    private static void Answer(QuotaLane lane, LinkedListNode<QuotaWaiter> waiter, QuotaLease lease)
    {
        lane.Queue.Remove(waiter);
        lane.Wanted -= waiter.Value.Permits;
        waiter.Value.TrySetResult(lease);
    }

    private static QuotaLease Refuse(QuotaLane lane, long now, string reason)
    {
        lane.Failures++;
        var wait = Math.Max(lane.OpensAt - now, TimeSpan.TicksPerSecond);
        return new QuotaLease(TimeSpan.FromTicks(wait), reason);
    }

    private void SetTimer(long now)
    {
        var due = long.MaxValue;
        foreach (var lane in _lanes)
        {
            if (lane.Queue.First is { } first)
                due = Math.Min(due, Math.Min(Math.Max(lane.AskAt, _pausedUntil), first.Value.Deadline));
        }

        if (_hand.Count > 0)
            due = Math.Min(due, Math.Max(_hand.Expires, _pausedUntil));
        if (_blockUnsaid)
            due = Math.Min(due, _pausedUntil);
        _timer.Change(due == long.MaxValue ? Timeout.InfiniteTimeSpan : Until(due, now), Timeout.InfiniteTimeSpan);
    }

    // Timers have milliseconds; rounded up, or they would fire too early and in vain.
    private static TimeSpan Until(long due, long now)
        => TimeSpan.FromMilliseconds(Math.Max(0, (due - now + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond));
}

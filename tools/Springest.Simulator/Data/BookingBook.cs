namespace Springest.Simulator.Data;

/// <summary>The bookings that were made. Safe to use from several threads.</summary>
public sealed class BookingBook
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly SortedList<long, Booking> _bookings = [];
    private long _nextId = 610001;

    internal BookingBook(TimeProvider clock) => _clock = clock;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _bookings.Count;
        }
    }

    /// <summary>All bookings by ascending id.</summary>
    public IReadOnlyList<Booking> Snapshot()
    {
        lock (_lock)
            return [.. _bookings.Values];
    }

    /// <summary>A booking; null if there is none of that id.</summary>
    public Booking? Find(long id)
    {
        lock (_lock)
            return _bookings.GetValueOrDefault(id);
    }

    /// <summary>Changes a booking, such as its status, and notes the time.</summary>
    /// <returns>False if there is none of that id.</returns>
    public bool Update(long id, Func<Booking, Booking> change)
    {
        lock (_lock)
        {
            if (!_bookings.TryGetValue(id, out var booking))
                return false;
            _bookings[id] = change(booking) with { Id = id, Updated = _clock.GetUtcNow() };
            return true;
        }
    }

    /// <summary>Removes a booking.</summary>
    /// <returns>False if there is none of that id.</returns>
    public bool Remove(long id)
    {
        lock (_lock)
            return _bookings.Remove(id);
    }

    internal Booking Add(long trainingId, string key, IReadOnlyDictionary<string, string> fields)
    {
        lock (_lock)
        {
            var now = _clock.GetUtcNow();
            var booking = new Booking { Id = _nextId++, TrainingId = trainingId, Key = key, Fields = fields, Created = now, Updated = now };
            _bookings.Add(booking.Id, booking);
            return booking;
        }
    }
}

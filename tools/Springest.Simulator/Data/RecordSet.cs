using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Springest.Simulator.Http;

namespace Springest.Simulator.Data;

/// <summary>The records of one resource, by ascending id. Safe to use from several threads.</summary>
public sealed class RecordSet
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly List<Record> _records = [];
    private Record[]? _visible;

    internal RecordSet(string name, string singular, TimeProvider clock)
    {
        (Name, Singular) = (name, singular);
        _clock = clock;
    }

    /// <summary>Name of the resource in paths and answers: <c>trainings</c>.</summary>
    public string Name { get; }

    /// <summary>Name of one record in XML and in webhooks: <c>training</c>.</summary>
    public string Singular { get; }

    /// <summary>Records that requests can see.</summary>
    public int Count => Snapshot().Count;

    /// <summary>Ids of the records that requests can see, ascending.</summary>
    public IReadOnlyList<long> Ids => [.. Snapshot().Select(record => record.Id)];

    /// <summary>The records that requests can see, ascending by id.</summary>
    public IReadOnlyList<Record> Snapshot()
    {
        lock (_lock)
            return _visible ??= [.. _records.Where(record => record.Visible)];
    }

    /// <summary>A record, hidden ones included; null if there is none.</summary>
    public Record? Find(long id)
    {
        lock (_lock)
            return IndexOf(id) is var index and >= 0 ? _records[index] : null;
    }

    /// <summary>A copy of a record to look at; null if there is none. For a training this is the complete record.</summary>
    public JsonObject? Get(long id) => Find(id)?.ToObject();

    /// <summary>The text of a record as it stands in answers (of trainings: with <c>full=true</c>); null if there is none.</summary>
    public string? Json(long id) => Find(id) is { } record ? Encoding.UTF8.GetString(record.Json.Span) : null;

    /// <summary>Adds a record or replaces the one of the same id. Taken as it is: no stamp is changed.</summary>
    /// <exception cref="ArgumentException">Its id is not a number among its first eight fields.</exception>
    public Record Put(JsonObject record)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(record, JsonText.Options);
        lock (_lock)
        {
            var known = Find(RecordHead.Read(json).Id);
            var created = known?.Created ?? DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime);
            return Put(new Record(json, created).With(known?.Hidden ?? false));
        }
    }

    /// <summary>Changes a record in place and stamps <c>modified</c> with the present time, where it has that field.</summary>
    /// <returns>False if there is no such record.</returns>
    public bool Update(long id, Action<JsonObject> change)
    {
        lock (_lock)
        {
            if (Get(id) is not { } record)
                return false;
            if (record.ContainsKey("modified"))
                record["modified"] = TimeStamp.Format(_clock.GetUtcNow());
            change(record);
            Put(record);
            return true;
        }
    }

    /// <summary>Removes a record.</summary>
    /// <returns>False if there was none.</returns>
    public bool Remove(long id)
    {
        lock (_lock)
        {
            var index = IndexOf(id);
            if (index < 0)
                return false;
            _records.RemoveAt(index);
            _visible = null;
            return true;
        }
    }

    /// <summary>Takes a record out of sight (unpublished, unverified) or back into it.</summary>
    public bool Show(long id, bool visible)
    {
        lock (_lock)
        {
            var index = IndexOf(id);
            if (index < 0)
                return false;
            _records[index] = _records[index].With(!visible);
            _visible = null;
            return true;
        }
    }

    internal Record Put(Record record)
    {
        lock (_lock)
        {
            var index = IndexOf(record.Id);
            if (index < 0)
                _records.Insert(~index, record);
            else
                _records[index] = record;
            _visible = null;
            return record;
        }
    }

    private int IndexOf(long id)
    {
        var (low, high) = (0, _records.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_records[middle].Id == id)
                return middle;
            if (_records[middle].Id < id)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return ~low;
    }
}

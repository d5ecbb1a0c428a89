using System.Text.Json;
using Azure;
using Azure.Data.Tables;

namespace Springest.Functions.Privacy;

/// <summary>
/// An erasure: a row of <c>Erasures</c>. While it is at work it says whom it is about; once it is done, only what was removed and when.
/// </summary>
public sealed class ErasureEntity : ITableEntity
{
    internal const string Partition = "erasure";
    internal const int CurrentFormat = 1;

    public string PartitionKey { get; set; } = Partition;

    /// <summary>Its id.</summary>
    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public int Format { get; set; } = CurrentFormat;

    public DateTimeOffset Requested { get; set; }

    /// <summary>Who wanted it.</summary>
    public string? By { get; set; }

    /// <summary>When there was nothing left; null while there is.</summary>
    public DateTimeOffset? Done { get; set; }

    /// <summary>The address; null once it is done, or if records were named.</summary>
    public string? Email { get; set; }

    /// <summary>The records that were named, as JSON; null once it is done, or if an address was.</summary>
    public string? Records { get; set; }

    /// <summary>How many records of each kind were removed, as JSON.</summary>
    public string Removed { get; set; } = "{}";

    /// <summary>How many were at work at the last try.</summary>
    public int Waiting { get; set; }

    /// <summary>How many records could not be searched at the last try.</summary>
    public int Unsearched { get; set; }

    internal SortedDictionary<string, int> ReadRemoved() => JsonSerializer.Deserialize<SortedDictionary<string, int>>(Removed)!;

    internal void WriteRemoved(SortedDictionary<string, int> removed) => Removed = JsonSerializer.Serialize(removed);

    internal IReadOnlyList<string> ReadRecords() => Records is null ? [] : JsonSerializer.Deserialize<List<string>>(Records)!;
}

using System.Runtime.Serialization;
using Azure;
using Azure.Data.Tables;

namespace Springest.Testing.Tests.Tables;

/// <summary>An entity with a class of its own and every kind of property.</summary>
public sealed class Course : ITableEntity
{
    public enum Level
    {
        Unknown,
        Beginner,
        Expert,
    }

    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public string? Name { get; set; }

    public int Places { get; set; }

    public int? Taken { get; set; }

    public long Views { get; set; }

    public long? Clicks { get; set; }

    public double Price { get; set; }

    public double? Discount { get; set; }

    public bool IsOnline { get; set; }

    public bool? IsFree { get; set; }

    public Guid Key { get; set; }

    public Guid? Parent { get; set; }

    public DateTimeOffset Start { get; set; }

    public DateTimeOffset? End { get; set; }

    public DateTime Created { get; set; }

    public DateTime? Archived { get; set; }

    public byte[]? Hash { get; set; }

    public BinaryData? Image { get; set; }

    public Level Difficulty { get; set; }

    public Level? Target { get; set; }

    [DataMember(Name = "renamed_title")]
    public string? Title { get; set; }

    [IgnoreDataMember]
    public string? Scratch { get; set; }

    public string Display => $"{Name} ({Places})";
}

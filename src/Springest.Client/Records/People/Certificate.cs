using System.Text.Json.Serialization;
using Springest.Client.Json.Converters;

namespace Springest.Client;

/// <summary>One person's document for a <see cref="Client.Certification"/> (docs/springest-api.md, section 8.12).</summary>
public sealed record Certificate : SpringestRecord
{
    /// <summary>The certificate's number.</summary>
    public long Id { get; init; }

    /// <summary>The certification it belongs to.</summary>
    public long? CertificationId { get; init; }

    /// <summary>First day of validity.</summary>
    public DateOnly? ValidFrom { get; init; }

    /// <summary>Last day of validity; null where the certification needs none.</summary>
    public DateOnly? ValidUntil { get; init; }

    /// <summary>How far it is.</summary>
    public CertificateStatus? Status { get; init; }

    /// <summary>When it was submitted.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Name, most likely the certification's.</summary>
    public string? Name { get; init; }

    /// <summary>Description, most likely the certification's.</summary>
    public string? Description { get; init; }

    /// <summary>The certification, where the API sends it as an object.</summary>
    [JsonConverter(typeof(NestedConverter<Certification>))]
    public Certification? Certification { get; init; }

    /// <summary>Who earned it.</summary>
    [JsonConverter(typeof(NestedConverter<Person>))]
    public Person? User { get; init; }
}

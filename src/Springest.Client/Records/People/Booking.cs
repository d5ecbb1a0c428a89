using System.Text.Json.Serialization;
using Springest.Client.Json.Converters;

namespace Springest.Client;

/// <summary>A booking of a Go site (docs/springest-api.md, section 8.16).</summary>
public sealed record Booking : SpringestRecord
{
    /// <summary>The booking's number; cancelling needs it.</summary>
    public long Id { get; init; }

    /// <summary>How far it is.</summary>
    public BookingStatus? Status { get; init; }

    /// <summary>What became of taking part.</summary>
    public ParticipationStatus? ParticipationStatus { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it changed last.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The organisation's own number of the person.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The training.</summary>
    public long? TrainingId { get; init; }

    /// <summary>Number and name of the training.</summary>
    [JsonConverter(typeof(NestedConverter<NamedId>))]
    public NamedId? Training { get; init; }

    /// <summary>The institute that gives it.</summary>
    public long? InstituteId { get; init; }

    /// <summary>The start that was chosen.</summary>
    [JsonConverter(typeof(NestedConverter<StartingDatePlace>))]
    public StartingDatePlace? StartingDateplace { get; init; }

    /// <summary>Who takes part.</summary>
    [JsonConverter(typeof(NestedConverter<Person>))]
    public Person? User { get; init; }

    /// <summary>Price in <see cref="PriceCurrency"/>.</summary>
    public decimal? Price { get; init; }

    /// <summary>The currency as sent, such as <c>&amp;euro;</c>; see <see cref="Currency"/>.</summary>
    public string? PriceCurrency { get; init; }

    /// <summary>Who pays within the organisation.</summary>
    public string? CostCenter { get; init; }

    /// <summary>ISO 4217 code of <see cref="PriceCurrency"/>, such as <c>EUR</c>; null if not recognised.</summary>
    [JsonIgnore]
    public string? Currency => HtmlText.CurrencyCode(PriceCurrency);
}

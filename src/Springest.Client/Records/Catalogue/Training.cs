using System.Text.Json.Serialization;
using Springest.Client.Json.Converters;

namespace Springest.Client;

/// <summary>A training (docs/springest-api.md, section 8.2). Which fields are filled depends on the partnership of the key.</summary>
public sealed record Training : SpringestRecord
{
    /// <summary>The training's number, unique within the site.</summary>
    public long Id { get; init; }

    /// <summary>State of publication; <c>published</c> for everything that the API lists.</summary>
    public TrainingStatus? Status { get; init; }

    /// <summary>Time of the last change; null if missing or not a time.</summary>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>The institute that offers it.</summary>
    public long? InstituteId { get; init; }

    /// <summary>Name as sent; may hold HTML entities and trailing blanks, see <see cref="HtmlText.Decode"/>.</summary>
    public string Name { get => field ?? ""; init; } = "";

    /// <summary>The name as it stands in addresses.</summary>
    public string? ShortName { get; init; }

    /// <summary>The provider's own number of the training, from its feed.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Where the provider receives bookings.</summary>
    public string? BookingsEmail { get; init; }

    /// <summary>The provider's terms.</summary>
    public string? TermsAndConditionsUrl { get; init; }

    /// <summary>When lessons are held (day, evening ...); often empty.</summary>
    public string? Moments { get; init; }

    /// <summary>The training's page.</summary>
    public string? Url { get; init; }

    /// <summary>The page on which to ask for information.</summary>
    public string? InformationRequestUrl { get; init; }

    /// <summary>The page on which to book.</summary>
    public string? BookingUrl { get; init; }

    /// <summary>A tracked redirect to the provider's own page.</summary>
    public string? MoreInfoUrl { get; init; }

    /// <summary>A localised word such as <c>cursus</c>, <c>training</c>, <c>opleiding</c>.</summary>
    public string? TrainingType { get; init; }

    /// <summary>Price in <see cref="PriceCurrency"/>; null if unknown.</summary>
    public decimal? Price { get; init; }

    /// <summary>The currency as sent, such as <c>&amp;euro;</c>; see <see cref="Currency"/>.</summary>
    public string? PriceCurrency { get; init; }

    /// <summary>Price before discount.</summary>
    public decimal? OriginalPrice { get; init; }

    /// <summary>Discount, in percent.</summary>
    public decimal? DiscountPercentage { get; init; }

    /// <summary>Rate of value added tax, in percent.</summary>
    public decimal? VatRate { get; init; }

    /// <summary>Value added tax on <see cref="Price"/>.</summary>
    public decimal? VatAmount { get; init; }

    /// <summary>Value added tax on <see cref="OriginalPrice"/>.</summary>
    public decimal? OriginalVatAmount { get; init; }

    /// <summary>Price without the additional costs.</summary>
    public decimal? BasePrice { get; init; }

    /// <summary>Value added tax on <see cref="BasePrice"/>.</summary>
    public decimal? BaseVatAmount { get; init; }

    /// <summary>Whether the price holds value added tax.</summary>
    public VatIncluded? VatIncluded { get; init; }

    /// <summary>Costs beside the price. Lists leave them out unless <see cref="TrainingFilter.Full"/> is set.</summary>
    public IReadOnlyList<AdditionalCost> AdditionalCosts { get => field ?? []; init; } = [];

    /// <summary>Average of the reviews, 1 to 10.</summary>
    public decimal? AverageRating { get; init; }

    /// <summary>Number of reviews since 2014; see <see cref="ReviewCount"/>.</summary>
    public int? Count { get; init; }

    /// <summary>Number of reviews in data before 2014; see <see cref="ReviewCount"/>.</summary>
    public int? Reviews { get; init; }

    /// <summary>Most people that can take part.</summary>
    public int? MaxParticipants { get; init; }

    /// <summary>Days of lessons; may be broken.</summary>
    public decimal? TotalCourseDays { get; init; }

    /// <summary>Localised unit, such as <c>dagen</c>.</summary>
    public string? TimeUnit { get; init; }

    /// <summary>Length in <see cref="DurationUnit"/>.</summary>
    public decimal? Duration { get; init; }

    /// <summary>English unit, such as <c>days</c> or <c>weeks</c>.</summary>
    public string? DurationUnit { get; init; }

    /// <summary>The institute that offers it.</summary>
    [JsonConverter(typeof(NestedConverter<Institute>))]
    public Institute? Institute { get; init; }

    /// <summary>HTML; cut at about 700 characters in lists without <see cref="TrainingFilter.Full"/>.</summary>
    public string? Description { get; init; }

    /// <summary>Where it is given; empty for e-learning or if unknown.</summary>
    public IReadOnlyList<Region> Regions { get => field ?? []; init; } = [];

    /// <summary>Levels of education. The ids differ per site.</summary>
    public IReadOnlyList<NamedId> Levels { get => field ?? []; init; } = [];

    /// <summary>Ways of teaching. The ids differ per site.</summary>
    public IReadOnlyList<NamedId> Methods { get => field ?? []; init; } = [];

    /// <summary>Associations that recognise it. Lists leave them out unless <see cref="TrainingFilter.Full"/> is set.</summary>
    public IReadOnlyList<NamedId> Associations { get => field ?? []; init; } = [];

    /// <summary>What it is about.</summary>
    public IReadOnlyList<Subject> Subjects { get => field ?? []; init; } = [];

    /// <summary>Dutch registry code of higher education.</summary>
    public string? Croho { get; init; }

    /// <summary>Dutch registry code of vocational education.</summary>
    public string? Crebo { get; init; }

    /// <summary>Dutch standard classification of education.</summary>
    public string? Soi { get; init; }

    /// <summary>When and where it starts. Lists leave it out unless <see cref="TrainingFilter.Full"/> is set.</summary>
    public IReadOnlyList<StartingDatePlace> StartingDateplaces { get => field ?? []; init; } = [];

    /// <summary>How well it fits a search; only in old answers to a search.</summary>
    public double? SearchScore { get; init; }

    /// <summary>True if <see cref="Description"/> looks cut; lists with <see cref="TrainingFilter.Full"/> have all of it.</summary>
    [JsonIgnore]
    public bool DescriptionIsShortened => HtmlText.IsShortened(Description);

    /// <summary>Number of reviews, whichever field brought it.</summary>
    [JsonIgnore]
    public int? ReviewCount => Count ?? Reviews;

    /// <summary>ISO 4217 code of <see cref="PriceCurrency"/>, such as <c>EUR</c>; null if not recognised.</summary>
    [JsonIgnore]
    public string? Currency => HtmlText.CurrencyCode(PriceCurrency);
}

using System.Text.Json.Serialization;

namespace Springest.Client.Json;

/// <summary>The records on the wire: snake_case names, tolerant values.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters =
    [
        typeof(TextConverter), typeof(IdConverter), typeof(NumberConverter<long>), typeof(NumberConverter<int>),
        typeof(NumberConverter<decimal>), typeof(NumberConverter<double>), typeof(FlagConverter), typeof(RequiredFlagConverter),
        typeof(DateConverter), typeof(TimeConverter), typeof(ItemsConverter<AdditionalCost>), typeof(ItemsConverter<Region>),
        typeof(ItemsConverter<NamedId>), typeof(ItemsConverter<Subject>), typeof(ItemsConverter<StartingDatePlace>),
        typeof(ItemsConverter<Suggestion>),
    ])]
[JsonSerializable(typeof(Training))]
[JsonSerializable(typeof(Subject))]
[JsonSerializable(typeof(Certification))]
[JsonSerializable(typeof(Certificate))]
[JsonSerializable(typeof(Institute))]
[JsonSerializable(typeof(Category))]
[JsonSerializable(typeof(Review))]
[JsonSerializable(typeof(ReviewRequestLink))]
[JsonSerializable(typeof(StartingDatePlace))]
[JsonSerializable(typeof(Booking))]
[JsonSerializable(typeof(Conversion))]
[JsonSerializable(typeof(Suggestions))]
[JsonSerializable(typeof(OEmbed))]
internal sealed partial class SpringestJson : JsonSerializerContext;

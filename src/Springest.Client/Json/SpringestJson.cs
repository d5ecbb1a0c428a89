using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Springest.Client.Json.Converters;

namespace Springest.Client.Json;

/// <summary>The records on the wire: snake_case names, tolerant values.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters =
    [
        typeof(TextConverter), typeof(IdConverter), typeof(NumberConverter<long>), typeof(NumberConverter<int>),
        typeof(NumberConverter<decimal>), typeof(NumberConverter<double>), typeof(BooleanConverter), typeof(RequiredBooleanConverter),
        typeof(DateConverter), typeof(TimeConverter), typeof(ItemsConverter<AdditionalCost>), typeof(ItemsConverter<Region>),
        typeof(ItemsConverter<NamedId>), typeof(ItemsConverter<Subject>), typeof(ItemsConverter<StartingDatePlace>),
        typeof(NullableStringEnumConverter<BookingStatus>), typeof(NullableStringEnumConverter<CertificateStatus>),
        typeof(NullableStringEnumConverter<ConversionType>), typeof(NullableStringEnumConverter<ParticipationStatus>),
        typeof(NullableStringEnumConverter<TrainingStatus>), typeof(NullableStringEnumConverter<VatIncluded>),
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
[JsonSerializable(typeof(Suggestion))]
[JsonSerializable(typeof(OEmbed))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(long?))]
[JsonSerializable(typeof(decimal?))]
[JsonSerializable(typeof(double?))]
[JsonSerializable(typeof(bool?))]
[JsonSerializable(typeof(DateOnly?))]
[JsonSerializable(typeof(DateTimeOffset?))]
internal sealed partial class SpringestJson : JsonSerializerContext
{
    /// <summary>The same without the properties whose values stand among the other fields, so that none is written twice.</summary>
    public static JsonSerializerOptions Writing => field ??= new(Default.Options)
    {
        Converters = { new RawConverter() },
        TypeInfoResolver = Default.WithAddedModifier(type =>
        {
            foreach (var property in type.Properties.Where(property => !property.IsExtensionData))
                property.ShouldSerialize = (record, _) => record is not SpringestRecord { OtherFields: { } others }
                    || !others.ContainsKey(property.Name);
        }),
    };
}

using System.Text.Json.Serialization;
using Springest.Client.Json.Converters;

namespace Springest.Client.Json;

/// <summary>What is written, on the wire: what is not set does not appear.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    Converters =
    [
        typeof(NullableStringEnumConverter<Gender>),
        typeof(FieldConverter<string>), typeof(FieldConverter<bool?>), typeof(FieldConverter<int?>), typeof(FieldConverter<long?>),
        typeof(FieldConverter<DateOnly?>), typeof(FieldConverter<Gender?>), typeof(FieldConverter<Approver[]>),
        typeof(FieldConverter<string[]>),
    ])]
[JsonSerializable(typeof(UsersBody))]
[JsonSerializable(typeof(ReviewRequestBody))]
[JsonSerializable(typeof(BookingRequest))]
[JsonSerializable(typeof(StartingDatePlaceRequest))]
[JsonSerializable(typeof(StartingDatePlaceUpdateRequest))]
[JsonSerializable(typeof(Approver[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(bool?))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(long?))]
[JsonSerializable(typeof(DateOnly?))]
[JsonSerializable(typeof(Gender?))]
internal sealed partial class RequestJson : JsonSerializerContext;

/// <summary>The wrapper around users (docs/springest-api.md, section 8.14).</summary>
internal sealed record UsersBody(IReadOnlyList<UserRequest> Users);

/// <summary>The wrapper around a review request (docs/springest-api.md, section 8.8).</summary>
internal sealed record ReviewRequestBody(ReviewFormRequest Requests);

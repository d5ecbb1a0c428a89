using System.Text.Json.Serialization;

namespace Springest.Functions.Privacy;

/// <summary>Whom, or what, it is about.</summary>
public sealed record PeopleRequest(string? Email, string? Name, IReadOnlyList<string>? Records);

/// <summary>What is held about somebody.</summary>
/// <param name="Records">What was found.</param>
/// <param name="IsComplete">False if there was not time enough to search everything.</param>
/// <param name="NotSearched">What is not searched, and until when what is of now is there, if that is known.</param>
public sealed record PersonFound(IReadOnlyList<RecordFound> Records, bool IsComplete, IReadOnlyList<RemainingData> NotSearched);

/// <summary>A record that is about somebody.</summary>
/// <param name="Record">What it is named by.</param>
/// <param name="Kind">Its kind, as in docs/privacy.md.</param>
/// <param name="What">What it is.</param>
/// <param name="IsCertain">Whether it names the person beyond doubt, and is removed with the address.</param>
public sealed record RecordFound(string Record, string Kind, string What, bool IsCertain);

/// <summary>How far an erasure is.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Requested">When it was wanted.</param>
/// <param name="By">Who wanted it.</param>
/// <param name="Done">When nothing was left; missing while something is.</param>
/// <param name="Removed">How many records of each kind were removed.</param>
/// <param name="Waiting">How many were being worked on at the last try.</param>
/// <param name="Remaining">What remains all the same, and until when, if that is known.</param>
public sealed record ErasureReport(
    string Id, DateTimeOffset Requested, string? By, DateTimeOffset? Done, IReadOnlyDictionary<string, int> Removed, int Waiting,
    IReadOnlyList<RemainingData> Remaining);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PeopleRequest))]
[JsonSerializable(typeof(PersonFound))]
[JsonSerializable(typeof(ErasureReport))]
internal sealed partial class PrivacyJson : JsonSerializerContext;

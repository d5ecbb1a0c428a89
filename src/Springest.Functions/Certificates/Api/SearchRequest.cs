using System.Text.Json.Serialization;

namespace Springest.Functions.Certificates.Api;

/// <summary>What to look for: one of the three.</summary>
public sealed record SearchRequest(string? Site, string? Email, long? CertificateId, string? File);

/// <summary>What came of a command for all of a state.</summary>
/// <param name="Retried">How many are tried again.</param>
public sealed record RetryResult(int Retried);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(SearchRequest))]
[JsonSerializable(typeof(RetryResult))]
internal sealed partial class CertificateApiJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Springest.Functions.Certificates.Api;

/// <summary>What to look for: one of the three.</summary>
public sealed record SearchRequest(string? Site, string? Email, long? CertificateId, string? File);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(SearchRequest))]
internal sealed partial class SearchRequestJson : JsonSerializerContext;

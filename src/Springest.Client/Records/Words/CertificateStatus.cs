using System.Text.Json.Serialization;
using Springest.Client.Json;
using Springest.Client.Json.Converters;

namespace Springest.Client;

/// <summary>
/// How far a certificate is (docs/springest-api.md, section 8.12; the words are not documented). A value that this version does not know is
/// kept as sent.
/// </summary>
/// <param name="Value">The word on the wire.</param>
[JsonConverter(typeof(StringEnumConverter<CertificateStatus>))]
public readonly record struct CertificateStatus(string Value) : IStringEnum<CertificateStatus>
{
    /// <summary>Waits to be looked at.</summary>
    public static CertificateStatus Pending { get; } = new("pending");

    /// <summary>Recognised.</summary>
    public static CertificateStatus Verified { get; } = new("verified");

    /// <summary>No longer valid.</summary>
    public static CertificateStatus Expired { get; } = new("expired");

    static CertificateStatus IStringEnum<CertificateStatus>.Of(string value) => new(value);

    /// <summary>The word on the wire.</summary>
    public override string ToString() => Value;
}

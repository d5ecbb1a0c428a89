using System.Text.Json.Serialization;
using Springest.Simulator.Http;

namespace Springest.Simulator.Behaviours;

/// <summary>How requests are answered. Everything may be set while the simulator runs; it holds for requests that arrive later.</summary>
public sealed record Behaviour
{
    /// <summary>Delay before a request is handled.</summary>
    public Latency Latency { get; set; } = Latency.None;

    /// <summary>Requests per key and time (section 5).</summary>
    public RateLimit RateLimit { get; set; } = new();

    /// <summary>Answers that go wrong on purpose.</summary>
    [JsonIgnore]
    public FaultList Faults { get; init; } = new();

    /// <summary>A page size outside 1 to 30 is 400 instead of being clamped (section 4.1).</summary>
    public bool RejectPageSize { get; set; }

    /// <summary>Addresses that no user has: a certificate for one of them is 400 (section 8.12). Case does not matter.</summary>
    public IReadOnlyList<string> UnknownEmails { get; set; } = ["onbekend@example.test"];

    /// <summary>Form of the errors of fields (section 6).</summary>
    public ErrorShape ErrorShape { get; set; } = ErrorShape.Arrays;

    /// <summary>Form of errors in XML (section 6).</summary>
    public XmlErrorRoot XmlErrorRoot { get; set; } = XmlErrorRoot.Error;

    /// <summary>Largest certificate file, in bytes (section 8.12).</summary>
    public long MaxCertificateSize { get; set; } = 10 * 1024 * 1024;
}

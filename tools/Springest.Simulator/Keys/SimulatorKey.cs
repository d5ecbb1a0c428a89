namespace Springest.Simulator.Keys;

/// <summary>A key that the simulator knows.</summary>
/// <param name="Name">What it is called in records: never the key itself.</param>
/// <param name="Value">The key.</param>
/// <param name="Features">What it may use; anything else is 403.</param>
public sealed record SimulatorKey(string Name, string Value, Feature Features)
{
    /// <summary>The fields hidden from a minipartner.</summary>
    public static IReadOnlySet<string> MinipartnerHides { get; } = new HashSet<string> { "more_info_url", "bookings_email", "external_id" };

    /// <summary>Fields of a training that this kind of partner does not get (docs/springest-api.md, section 7).</summary>
    public IReadOnlySet<string> HiddenFields { get; init; } = new HashSet<string>();

    /// <summary>
    /// The institute that the key belongs to: it may write dates of that institute only (docs/springest-api.md, section 8.3). Null: of all.
    /// </summary>
    public long? InstituteId { get; init; }

    /// <summary>
    /// The certifications that the key is configured for (docs/springest-api.md, section 7); certificates of others are 403. Null: all.
    /// </summary>
    public IReadOnlySet<long>? Certifications { get; init; }

    /// <inheritdoc />
    public override string ToString() => Name;

    internal bool MayUse(long certification) => Certifications?.Contains(certification) != false;
}

namespace Springest.Simulator.Behaviours;

/// <summary>Which addresses belong to a user of the organisation (contract, sections 8.12 and 8.14).</summary>
public sealed record KnownUsers
{
    /// <summary>Addresses that nobody has. Case does not matter.</summary>
    public IReadOnlySet<string> Unknown { get; init; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "onbekend@example.test" };

    internal bool Exists(string email) => !Unknown.Contains(email);
}

namespace Springest.Client;

/// <summary>Who approves a user's bookings (docs/springest-api.md, section 8.14).</summary>
public sealed record Approver
{
    /// <summary>E-mail address of an active user.</summary>
    public required string Email { get; init; }

    /// <summary>What the approver is to the user.</summary>
    public required string Label { get; init; }

    /// <summary>False to show bookings only; true where not set.</summary>
    public Field<bool?> CanApprove { get; init; }
}

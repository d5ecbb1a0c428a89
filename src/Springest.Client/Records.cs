namespace Springest.Client;

// Placeholders until each record has its file.
#pragma warning disable CS1591
public sealed record Training { public long Id { get; init; } public string? Name { get; init; } }
public sealed record Subject { public long Id { get; init; } public string? Name { get; init; } }
public sealed record Certification { public long Id { get; init; } public string Name { get; init; } = ""; public string? Description { get; init; } public bool RequiresValidUntil { get; init; } }
public sealed record Certificate { public long Id { get; init; } public long? CertificationId { get; init; } public DateOnly? ValidFrom { get; init; } public DateOnly? ValidUntil { get; init; } public string? Status { get; init; } }
public sealed record CertificateFilter { public string? Email { get; init; } public long? CertificationId { get; init; } public DateOnly? CreatedFrom { get; init; } }

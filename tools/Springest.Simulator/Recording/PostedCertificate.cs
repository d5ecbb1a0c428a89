namespace Springest.Simulator.Recording;

/// <summary>A certificate that was posted and accepted.</summary>
public sealed record PostedCertificate
{
    /// <summary>The id given to it.</summary>
    public required long Id { get; init; }

    /// <summary>When it came, by the simulator's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The text fields as sent: <c>certification_id</c>, <c>email</c>, <c>valid_from</c> ...</summary>
    public required IReadOnlyDictionary<string, string> Fields { get; init; }

    /// <summary>Name of the file as sent.</summary>
    public required string FileName { get; init; }

    /// <summary>Media type of the file as sent; null if none was.</summary>
    public string? ContentType { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The certification it belongs to.</summary>
    public long CertificationId => long.Parse(Fields["certification_id"], System.Globalization.CultureInfo.InvariantCulture);
}

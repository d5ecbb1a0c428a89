namespace Springest.Simulator;

/// <summary>What a simulator starts with. What may change while it runs is in <see cref="SimulatorServer.Behaviour"/>.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Seed of the generated catalogue: the same seed and sizes give the same records.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Trainings to generate.</summary>
    public int Trainings { get; init; } = 300;

    /// <summary>Subjects to generate.</summary>
    public int Subjects { get; init; } = 100;

    /// <summary>Certifications to generate.</summary>
    public int Certifications { get; init; } = 10;

    /// <summary>Port on the loopback address; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The general key.</summary>
    public string ApiKey { get; init; } = "simulator-key";

    /// <summary>
    /// The key for certifications and certificates; null lets the general key do that too (docs/springest-api.md, section 2).
    /// </summary>
    public string? CertificationsApiKey { get; init; }

    /// <summary>Clock of the rate limit, of the recorded times and of <c>modified</c> stamps.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Sizes only: no key.</summary>
    public override string ToString() => $"seed {Seed}, {Trainings} trainings, {Subjects} subjects, {Certifications} certifications";
}

namespace Springest.Tools.Demo;

/// <summary>What the demo's command line says.</summary>
internal sealed record DemoOptions
{
    public const string Usage = """
        dotnet dev.cs demo [--once] [--trainings N] [--subjects N] [--certifications N] [--data DIR] [--port N]

          --once              end when all is done; exit code 0 only if every step did what it should
          --trainings N       how many trainings the simulated site has (default 1500; the Dutch site has about 24030)
          --subjects N        how many subjects (default 400)
          --certifications N  how many certifications (default 40)
          --data DIR          keep storage and logs in DIR; the next demo with the same DIR goes on where this one stopped
          --port N            where the first app instance listens (default: any free port)
        """;

    public bool Once { get; init; }

    public int Trainings { get; init; } = 1500;

    public int Subjects { get; init; } = 400;

    public int Certifications { get; init; } = 40;

    public string? Data { get; init; }

    public int Port { get; init; }

    /// <exception cref="UserErrorException">An argument is unknown or has no proper value.</exception>
    public static DemoOptions Parse(ReadOnlySpan<string> arguments) => arguments switch
    {
        [] => new DemoOptions(),
        ["--once", .. var rest] => Parse(rest) with { Once = true },
        ["--trainings", var value, .. var rest] => Parse(rest) with { Trainings = Number("--trainings", value, 1, 1_000_000) },
        ["--subjects", var value, .. var rest] => Parse(rest) with { Subjects = Number("--subjects", value, 1, 100_000) },
        ["--certifications", var value, .. var rest] => Parse(rest) with { Certifications = Number("--certifications", value, 1, 10_000) },
        ["--data", var value, .. var rest] => Parse(rest) with { Data = Path.GetFullPath(value) },
        ["--port", var value, .. var rest] => Parse(rest) with { Port = Number("--port", value, 0, 65535) },
        [var unknown, ..] => throw new UserErrorException($"'{unknown}' is not an option of the demo, or lacks its value.\n\n{Usage}"),
    };

    private static int Number(string option, string value, int least, int most)
        => int.TryParse(value, out var number) && number >= least && number <= most
            ? number
            : throw new UserErrorException($"{option} is '{value}'; it must be a whole number from {least} to {most}.");
}

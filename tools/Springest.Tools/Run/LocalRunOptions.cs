using System.Globalization;

namespace Springest.Tools.Run;

/// <summary>What the command line of <c>run</c> says.</summary>
internal sealed record LocalRunOptions
{
    public const string Usage = """
        dotnet dev.cs run [--settings FILE] [--port N]

          --settings FILE  the app's settings (default: local.settings.json)
          --port N         where the app listens (default: 7071)
        """;

    public string Settings { get; init; } = Path.GetFullPath("local.settings.json");

    public int Port { get; init; } = 7071;

    /// <exception cref="UserErrorException">An argument is unknown or has no proper value.</exception>
    public static LocalRunOptions Parse(ReadOnlySpan<string> arguments) => arguments switch
    {
        [] => new LocalRunOptions(),
        ["--settings", var file, .. var rest] => Parse(rest) with { Settings = Path.GetFullPath(file) },
        ["--port", var value, .. var rest] when int.TryParse(value, CultureInfo.InvariantCulture, out var port) && port is >= 0 and <= 65535
            => Parse(rest) with { Port = port },
        [var unknown, ..] => throw new UserErrorException($"'{unknown}' is not an option of run, or lacks a proper value.\n\n{Usage}"),
    };
}

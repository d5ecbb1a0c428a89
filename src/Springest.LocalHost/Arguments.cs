using System.Globalization;

namespace Springest.LocalHost;

/// <summary>What the program was told on its command line.</summary>
/// <param name="Settings">The settings file; null if there is none.</param>
/// <param name="Port">The port to listen on; 0 for a free one.</param>
internal sealed record Arguments(string? Settings, int Port)
{
    public const string Usage = """
        Springest.LocalHost [--settings FILE] [--port N]
          --settings FILE   settings in the shape of local.settings.json; ./local.settings.json if it exists.
                            Environment variables come on top of it.
          --port N          the port to listen on at 127.0.0.1 (7071); 0 takes a free one
        """;

    private const string StandardFile = "local.settings.json";

    public static Arguments Parse(IReadOnlyList<string> args)
    {
        var arguments = new Arguments(File.Exists(StandardFile) ? StandardFile : null, 7071);
        for (var i = 0; i < args.Count; i += 2)
            arguments = (args[i], args.ElementAtOrDefault(i + 1)) switch
            {
                ("--settings", { } file) => arguments with { Settings = file },
                ("--port", { } text) => arguments with { Port = ParsePort(text) },
                ("--settings" or "--port", null) => throw new FunctionsHostException($"{args[i]} needs a value.\n{Usage}"),
                _ => throw new FunctionsHostException($"'{args[i]}' is not known.\n{Usage}"),
            };
        return arguments;
    }

    private static int ParsePort(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new FunctionsHostException($"--port is '{text}' but must be a number from 0 to 65535.");
}

using System.Globalization;

namespace Springest.LocalHost.Settings;

/// <summary>What the program was told on its command line.</summary>
/// <param name="Settings">The settings file; null if there is none.</param>
/// <param name="App">The folder of the published app; null if the settings name it.</param>
/// <param name="Port">The port to listen on; 0 for a free one.</param>
internal sealed record Arguments(string? Settings, string? App, int Port)
{
    /// <summary>How to call the program.</summary>
    public const string Usage = """
        Springest.LocalHost [--app FOLDER] [--settings FILE] [--port N]
          --app FOLDER      what `dotnet publish` made of a Functions app; else the setting LocalHost__App
          --settings FILE   settings in the shape of local.settings.json; ./local.settings.json if it exists.
                            Environment variables come on top of it.
          --port N          the port to listen on at 127.0.0.1 (7071); 0 takes a free one
        """;

    private const string StandardFile = "local.settings.json";

    /// <summary>Reads the command line.</summary>
    /// <exception cref="HostException">It is not understood.</exception>
    public static Arguments Parse(IReadOnlyList<string> args)
    {
        var arguments = new Arguments(File.Exists(StandardFile) ? StandardFile : null, null, 7071);
        for (var i = 0; i < args.Count; i += 2)
            arguments = (args[i], args.ElementAtOrDefault(i + 1)) switch
            {
                ("--settings", { } file) => arguments with { Settings = file },
                ("--app", { } folder) => arguments with { App = folder },
                ("--port", { } text) => arguments with { Port = ParsePort(text) },
                ("--settings" or "--app" or "--port", null) => throw new HostException($"{args[i]} needs a value.\n{Usage}"),
                _ => throw new HostException($"'{args[i]}' is not known.\n{Usage}"),
            };
        return arguments;
    }

    private static int ParsePort(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new HostException($"--port is '{text}' but must be a number from 0 to 65535.");
}

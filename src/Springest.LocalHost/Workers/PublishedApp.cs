using System.Globalization;

namespace Springest.LocalHost.Workers;

/// <summary>What <c>dotnet publish</c> made of a Functions app, the same files as in Azure.</summary>
internal sealed record PublishedApp(string Folder, string Executable, string Program, IConfiguration HostJson)
{
    public string RoutePrefix { get; } = HostJson["extensions:http:routePrefix"] ?? "api";

    /// <summary>How long a function may run before it is cancelled.</summary>
    public TimeSpan FunctionTimeout { get; } = HostJson["functionTimeout"] switch
    {
        null => TimeSpan.FromMinutes(30),
        "-1" => Timeout.InfiniteTimeSpan,
        var text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero => time,
        var text => throw new HostException($"host.json: functionTimeout is '{text}' but must be a time such as 00:10:00, or -1."),
    };

    public static PublishedApp Open(string? folder)
    {
        if (string.IsNullOrEmpty(folder))
            throw new HostException("Which app? Give the folder of a published Functions app by --app or the setting LocalHost__App.");
        folder = Path.GetFullPath(folder);
        if (!Directory.Exists(folder))
            throw new HostException($"The folder {folder} is not there. It must be what `dotnet publish` made of a Functions app.");
        var (hostJson, worker) = (Read("host.json"), Read("worker.config.json").GetSection("description"));
        if (worker["language"] is not "dotnet-isolated")
            throw new HostException($"{folder} is an app in '{worker["language"]}'; only dotnet-isolated can be run.");
        return new(folder, worker["defaultExecutablePath"] ?? "dotnet", Existing(worker["defaultWorkerPath"] ?? "program"), hostJson);

        IConfiguration Read(string file) => LocalSettings.ReadJson(Path.Combine(folder, Existing(file)));

        string Existing(string file) => File.Exists(Path.Combine(folder, file))
            ? file
            : throw new HostException($"{folder} is no published Functions app: it holds no {file}.");
    }
}

using System.Text.Json;

namespace Springest.LocalHost.Workers;

/// <summary>What <c>dotnet publish</c> made of a Functions app: the same files as in Azure.</summary>
/// <param name="Folder">Where it is.</param>
/// <param name="Executable">What runs the worker, such as <c>dotnet</c>.</param>
/// <param name="Program">The worker's program in the folder.</param>
internal sealed record PublishedApp(string Folder, string Executable, string Program)
{
    private const string WorkerConfig = "worker.config.json";

    /// <summary>Looks whether there is an app.</summary>
    /// <exception cref="HostException">There is none; the message says what is missing.</exception>
    public static PublishedApp Open(string? folder)
    {
        if (string.IsNullOrEmpty(folder))
            throw new HostException("Which app? Give the folder of a published Functions app by --app or the setting LocalHost__App.");
        var full = Path.GetFullPath(folder);
        if (!Directory.Exists(full))
            throw new HostException($"The folder {full} is not there. It must be what `dotnet publish` made of a Functions app.");
        foreach (var file in (string[])["host.json", WorkerConfig])
            if (!File.Exists(Path.Combine(full, file)))
                throw new HostException($"{full} is no published Functions app: it holds no {file}.");

        var description = ReadDescription(Path.Combine(full, WorkerConfig));
        if (Text("language") is not "dotnet-isolated")
            throw new HostException($"{full} is an app in {Text("language") ?? "an unknown language"}; only dotnet-isolated can be run.");
        if (Text("defaultWorkerPath") is not { } program || !File.Exists(Path.Combine(full, program)))
            throw new HostException($"{full} is no published Functions app: it lacks its program, {Text("defaultWorkerPath") ?? "which is not named"}.");
        return new(full, Text("defaultExecutablePath") ?? "dotnet", program);

        string? Text(string name) => description.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    private static JsonElement ReadDescription(string file)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("description");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new HostException($"{file} has no description of a worker.", exception);
        }
    }
}

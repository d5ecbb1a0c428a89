using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Springest.LocalHost.Workers;

/// <summary>Starts the process that a worker is. It writes to the host's own console, and so says there why it could not start.</summary>
internal static class WorkerProcess
{
    public static Process Start(PublishedApp app, HostSettings settings, string id, Uri host)
    {
        string[] arguments =
        [
            app.Program, "--functions-uri", $"{host}", "--functions-worker-id", id, "--functions-request-id", id,
            "--functions-grpc-max-message-length", $"{int.MaxValue}",
        ];
        var start = new ProcessStartInfo(app.Executable, arguments) { WorkingDirectory = app.Folder };
        foreach (var (name, value) in settings.File.AsEnumerable().Where(setting => setting.Value is not null))
            start.Environment.TryAdd(name.Replace(":", "__", StringComparison.Ordinal), value);
        // Meant for the host: its keys, and where a web server is to listen.
        foreach (var name in start.Environment.Keys.Where(name => Regex.IsMatch(name, "^(LocalHost__|ASPNETCORE_)")).ToList())
            start.Environment.Remove(name);
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = app.Folder;
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        // As Core Tools say it, unless a test of what Azure does says otherwise.
        start.Environment.TryAdd("AZURE_FUNCTIONS_ENVIRONMENT", "Development");
        return Process.Start(start)!;
    }
}

using System.Diagnostics;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;

namespace Springest.Functions.Tests.Webhooks;

/// <summary><c>dotnet dev.cs webhook</c>, run in a folder of its own.</summary>
internal sealed class WebhookCommand : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public string Write(string name, string content)
    {
        File.WriteAllText(Path.Combine(_folder, name), content);
        return Path.Combine(_folder, name);
    }

    public Task<(int ExitCode, string Output, string Errors)> RunAsync(string[] arguments, string accessKey = TestApp.ViewerKey)
        => new ProcessStartInfo("dotnet", [Repository.Program("Springest.Tools"), "webhook", .. arguments])
        {
            WorkingDirectory = _folder,
            Environment = { ["SPRINGEST_ACCESS_KEY"] = accessKey },
        }.RunToEndAsync(cancellationToken: TestContext.Current.CancellationToken);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

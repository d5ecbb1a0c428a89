using System.Diagnostics;
using Springest.Testing;

namespace Springest.Infra.Tests.Deploy;

/// <summary>
/// A folder on the PATH with an <c>az</c> that notes what it was asked and answers what the test wrote down, and the tool as a
/// process that finds it.
/// </summary>
internal sealed class FakeAzure : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public FakeAzure()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in for az is a shell script.");
        Write("az", """
            #!/bin/sh
            here=$(dirname "$0")
            echo "$@" >> "$here/asked"
            case "$*" in *--body*) cat >> "$here/bodies"; echo >> "$here/bodies" ;; esac
            case "$*" in *"--method get"*configreferences*) cat "$here/references" ;; *"--method get"*) cat "$here/answer" ;; esac
            if [ -s "$here/failure" ] && echo "$*" | grep -qFe "$(cat "$here/failure")"; then
              rm "$here/failure"; echo "ERROR: not yet" >&2; exit 1
            fi
            """);
        ReferencesAre("Resolved");
        Asked = Bodies = "";
    }

    /// <summary>Command lines, one a line.</summary>
    public string Asked { get; private set; }

    public string Bodies { get; private set; }

    public Dictionary<string, string> Environment { get; } = new()
    {
        ["AZURE_SUBSCRIPTION_ID"] = "sub",
        ["AZURE_RESOURCE_GROUP"] = "rg-test",
        ["SPRINGEST_APP_NAME"] = "func-test",
        ["SPRINGEST_APP_URL"] = "http://127.0.0.1:9",
        ["SPRINGEST_STORAGE_ACCOUNT"] = "sttest",
        ["SPRINGEST_EVENT_TOPIC"] = "evgt-test",
        ["SPRINGEST_KEY_VAULT"] = "kv-test",
        ["SPRINGEST_SECRETS"] = "springest-nl-api-key springest-uk-api-key springest-be-api-key",
    };

    public void VaultHolds(params string[] names)
        => File.WriteAllText(
            Path.Combine(_folder, "answer"),
            $$"""{ "value": [{{string.Join(", ", names.Select(name => $$"""{ "name": "{{name}}" }"""))}}] }""");

    /// <summary>What has become of the secrets to which the app's settings refer.</summary>
    public void ReferencesAre(params string[] states)
        => File.WriteAllText(
            Path.Combine(_folder, "references"),
            $$"""{ "value": [{{string.Join(", ", states.Select(state => $$"""{ "properties": { "status": "{{state}}" } }"""))}}] }""");

    /// <summary>Has the first command fail whose line contains a text.</summary>
    public void FailsAt(string part) => File.WriteAllText(Path.Combine(_folder, "failure"), part);

    public void Remove() => File.Delete(Path.Combine(_folder, "az"));

    public async Task<(int ExitCode, string Output)> RunAsync(string[] arguments, string input = "", string? directory = null)
    {
        var (exitCode, output, errors) = await Command(arguments, directory).RunToEndAsync(input);
        (Asked, Bodies) = (ReadIfThere("asked"), ReadIfThere("bodies"));
        return (exitCode, output + errors);
    }

    /// <summary>The tool, where it finds the stand-in for az.</summary>
    public ProcessStartInfo Command(string[] arguments, string? directory = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Springest.Tools.dll"), .. arguments])
        {
            WorkingDirectory = directory ?? Repository.Root,
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        start.Environment["PATH"] = $"{_folder}{Path.PathSeparator}{System.Environment.GetEnvironmentVariable("PATH")}";
        return start;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public void Write(string name, string script)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, script.ReplaceLineEndings("\n") + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string ReadIfThere(string name)
        => File.Exists(Path.Combine(_folder, name)) ? File.ReadAllText(Path.Combine(_folder, name)) : "";
}

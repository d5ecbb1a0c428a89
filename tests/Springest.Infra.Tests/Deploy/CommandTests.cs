using System.Diagnostics;
using Springest.Testing;

namespace Springest.Infra.Tests.Deploy;

/// <summary>The tool says in a sentence what it lacks, and how it is used.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, "dotnet dev.cs access add NAME", "access")]
    [InlineData(1, "dotnet dev.cs access add NAME", "access", "add", "anna")]
    [InlineData(0, "dotnet dev.cs access add NAME", "access", "--help")]
    [InlineData(0, "dotnet dev.cs keys [NAME]", "keys", "--help")]
    public async Task Usage_is_shown_on_a_machine_without_azd(int expected, string usage, params string[] arguments)
    {
        var (exitCode, said) = await RunAsync(arguments);

        Assert.Equal(expected, exitCode);
        Assert.StartsWith(usage, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_names_what_it_cannot_go_on_with()
    {
        var file = Write("file", "");
        await FailsAsync($"The demo cannot keep its data in {file}. ", "demo", "--once", "--data", file);

        var state = Write("demo.json", "{ \"Trai");
        string[] demo = ["demo", "--once", "--trainings", "10", "--subjects", "5", "--certifications", "2", "--data", _folder];
        await FailsAsync($"{state} is cut off, or was changed. Delete {_folder}, or give another folder by --data.", demo);

        Write("demo.json", """{ "Trainings": 10, "Subjects": 5, "Certifications": 2 }""");
        var changes = Write("changes.ndjson", "{ \"Id\": 7");
        await FailsAsync($"{changes} is cut off, or was changed. ", demo);

        File.Delete(changes);
        await FailsAsync("Azurite cannot be started: node is not to be found.", demo);
    }

    [Fact]
    public Task Smoke_names_the_setting_that_is_no_connection_string()
        => FailsAsync(
            "SPRINGEST_STORAGE must be the name of a storage account, or its connection string.", "smoke", "--to", "http://127.0.0.1:9");

    private static async Task FailsAsync(string sentence, params string[] arguments)
    {
        var (exitCode, said) = await RunAsync(arguments);

        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    // Finds no other program.
    private static async Task<(int ExitCode, string Said)> RunAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Springest.Tools.dll"), .. arguments])
        {
            Environment = { ["PATH"] = "", ["SPRINGEST_STORAGE"] = "AccountName=account;AccountKey" },
        };
        var (exitCode, output, errors) = await start.RunToEndAsync(cancellationToken: TestContext.Current.CancellationToken);
        return (exitCode, output + errors);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}

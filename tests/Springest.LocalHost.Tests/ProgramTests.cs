using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Springest.Functions.Catalogue;

namespace Springest.LocalHost.Tests;

/// <summary>The program itself, as a process.</summary>
public sealed partial class ProgramTests(AzuriteFixture azurite) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("{\n  \"Values\": {\n    \"A\" \"b\"\n  }\n}", ", line 3: ")]
    [InlineData("[]", "must look like { \"IsEncrypted\": false, \"Values\": { \"Name\": \"value\" } }.")]
    [InlineData("{ \"IsEncrypted\": true, \"Values\": { \"A\": \"Q0ZESg\" } }", "is encrypted. Only plain files can be read; set IsEncrypted to false.")]
    [InlineData("{ \"Values\": { \"A\": { \"B\": \"c\" } } }", "the value of A must be a text, a number, true or false.")]
    [InlineData("{ \"Values\": { } }", "The setting LocalHost__FunctionKey is missing.")]
    public async Task A_wrong_settings_file_ends_the_program_with_a_sentence(string json, string sentence)
    {
        var (exitCode, output, errors) = await RunAsync(["--settings", WriteSettings(json)]);

        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Springest__Quota__Limit", "many", "Failed to convert configuration value 'many' at 'Springest:Quota:Limit'")]
    [InlineData("Springest__Mirror__TimeBudget", "many", "Failed to convert configuration value 'many' at 'Springest:Mirror:TimeBudget'")]
    [InlineData("Springest__Quota__Limits", "1", "There is no setting Springest__Quota__Limits.")]
    [InlineData("Springest__Quota__Limit", "-1", "Springest__Quota__Limit ")]
    public async Task A_wrong_setting_ends_the_program_with_a_sentence(string name, string value, string sentence)
    {
        var settings = Settings(azurite.ConnectionString).Replace("\"Values\": {", $"\"Values\": {{ \"{name}\": \"{value}\",", StringComparison.Ordinal);

        var (exitCode, output, errors) = await RunAsync(["--settings", WriteSettings(settings), "--port", "0"]);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(sentence, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The settings cannot be read. Could not find file", "--settings", "nowhere.json")]
    [InlineData("--port is '70000' but must be a number from 0 to 65535.", "--port", "70000")]
    [InlineData("--port needs a value.", "--port")]
    [InlineData("'--prot' is not known.", "--prot", "1")]
    public async Task A_wrong_command_line_ends_the_program_with_a_sentence(string sentence, params string[] arguments)
    {
        var (exitCode, _, errors) = await RunAsync(arguments);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(sentence, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storage_that_does_not_answer_ends_the_program_with_a_sentence()
    {
        var (exitCode, output, errors) = await RunAsync(["--settings", WriteSettings(Settings(UnreachableStorage())), "--port", "0"]);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("Storage cannot be reached. ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", output + errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_ends_the_program_with_a_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var (exitCode, _, errors) = await RunAsync(["--settings", WriteSettings(Settings(azurite.ConnectionString)), "--port", $"{port}"]);

        Assert.Equal(1, exitCode);
        Assert.Equal($"Port {port} of 127.0.0.1 is taken. Choose another, or 0 for a free one.", errors.Trim());
    }

    [Fact]
    public async Task It_says_where_it_listens_and_ends_well_when_told_to()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGTERM to send.");
        WriteSettings(Settings(azurite.ConnectionString), "local.settings.json");
        using var process = Start(["--port", "0"], masterKey: "canary-from-environment");
        var errors = process.StandardError.ReadToEndAsync(Cancellation);
        string? line;
        do
            line = await process.StandardOutput.ReadLineAsync(Cancellation) ?? throw new InvalidOperationException(await errors);
        while (!Listens().IsMatch(line));
        using var http = new HttpClient { BaseAddress = new Uri(Listens().Match(line).Groups["address"].Value) };
        using var response = await http.PostAsync("admin/functions/none?code=canary-from-environment", null, Cancellation);

        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        var rest = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(0, process.ExitCode);
        Assert.Equal("", await errors);
        Assert.DoesNotContain("canary", rest, StringComparison.Ordinal);
    }

    private static string UnreachableStorage()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var address = $"http://{free.LocalEndpoint}/account";
        return $"DefaultEndpointsProtocol=http;AccountName=account;AccountKey=Y2FuYXJ5;BlobEndpoint={address};QueueEndpoint={address};TableEndpoint={address};";
    }

    private static string Settings(string storage) => $$"""
        {
          // The usual comment.
          "IsEncrypted": false,
          "Values": {
            "AzureWebJobsStorage": "{{storage}}",
            "LocalHost__FunctionKey": "canary-function",
            "LocalHost:MasterKey": "canary-master",
            "Springest__Sites__nl__ApiKey": "canary-api-key",
            "Springest__Storage__Prefix": "program",
            "Springest__Certificates__Container": "program-certificates",
            "Springest__Certificates__SweepSchedule": "0 0 0 1 1 *",
            "Springest__Certificates__ReadBackSchedule": "0 0 0 1 1 *",
            "Springest__Webhooks__Schedule": "0 0 0 1 1 *",
            {{string.Join('\n', ResourceDescription.All.Select(resource => $"\"Springest__Mirror__{resource.Name}__Schedule\": \"0 0 0 1 1 *\","))}}
          },
        }
        """;

    private string WriteSettings(string json, string name = "settings.json")
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, json);
        return file;
    }

    private Process Start(IEnumerable<string> arguments, string? masterKey = null)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Springest.LocalHost.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        if (masterKey is not null)
            start.Environment["LocalHost__MasterKey"] = masterKey;
        return Process.Start(start)!;
    }

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(IEnumerable<string> arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, await output, await errors);
    }

    [GeneratedRegex(@"^The app listens at (?<address>http://127\.0\.0\.1:\d+/) and ends with Ctrl-C\.$")]
    private static partial Regex Listens();
}

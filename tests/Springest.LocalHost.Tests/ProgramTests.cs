using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Springest.Testing;

namespace Springest.LocalHost.Tests;

/// <summary>What a person can have wrong.</summary>
public sealed class ProgramTests(HostFixture azurite) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("{\n  \"Values\": {\n    \"A\" \"b\"\n  }\n}", "LineNumber: 2")]
    [InlineData("[]", "settings.json cannot be read. Top-level JSON element must be an object")]
    [InlineData("{}", "must look like { \"IsEncrypted\": false, \"Values\": { \"Name\": \"value\" } }.")]
    [InlineData(
        "{ \"IsEncrypted\": true, \"Values\": { \"A\": \"Q0ZESg\" } }",
        "is encrypted. Only plain files can be read; set IsEncrypted to false."
    )]
    [InlineData("{ \"Values\": { \"A\": \"b\" } }", "The setting LocalHost__FunctionKey is missing.")]
    [InlineData(
        "{ \"Values\": { \"LocalHost__FunctionKey\": \"f\", \"LocalHost__Work\": \"1\" } }",
        "There is no setting LocalHost__Work."
    )]
    [InlineData("{ \"Values\": { \"LocalHost__FunctionKey\": \"f\", \"LocalHost__Workers\": \"Many\" } }", "'Many' at 'LocalHost:Workers'")]
    [InlineData(
        "{ \"Values\": { \"LocalHost__FunctionKey\": \"f\", \"LocalHost__HostId\": \"x\" } }",
        "There is no setting LocalHost__HostId."
    )]
    [InlineData(
        "{ \"Values\": { \"LocalHost__FunctionKey\": \"f\", \"LocalHost__Settings\": \"other.json\" } }",
        "There is no setting LocalHost__Settings."
    )]
    [InlineData(
        "{ \"Values\": { \"LocalHost__FunctionKey\": \"f\", \"LocalHost__MaxRestarts\": \"0\" } }",
        "LocalHost__MaxRestarts is 0 but must be a whole number from 1."
    )]
    [InlineData(
        "{ \"Values\": { \"LocalHost__FunctionKey\": \"f\", \"LocalHost__StopGrace\": \"-00:00:05\" } }",
        "LocalHost__StopGrace is -00:00:05 but must be from 00:00:00 to a day."
    )]
    [InlineData(
        "{ \"Values\": { \"LocalHost__FunctionKey\": \"f\", \"LocalHost__StartTimeout\": \"00:00:00\" } }",
        "LocalHost__StartTimeout is 00:00:00 but must be longer than 0, and at most a day."
    )]
    [InlineData(
        "{ \"Values\": { \"LocalHost__FunctionKey\": \"f\", \"FUNCTIONS_REQUEST_BODY_SIZE_LIMIT\": \"100MB\" } }",
        "'100MB' at 'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT'"
    )]
    [InlineData(
        "{ \"Values\": { \"LocalHost__FunctionKey\": \"f\", \"FUNCTIONS_REQUEST_BODY_SIZE_LIMIT\": \"-1\" } }",
        "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT is -1 but must be a number of bytes."
    )]
    [InlineData(
        "{ \"Values\": { \"LocalHost__FunctionKey\": \"f\", \"AzureWebJobsDisableHomepage\": \"maybe\" } }",
        "'maybe' at 'AzureWebJobsDisableHomepage'"
    )]
    [InlineData(
        "{ \"Values\": { \"LocalHost__FunctionKey\": \"f\" } }",
        "Which app? Give the folder of a published Functions app by --app or the setting LocalHost__App."
    )]
    public Task Wrong_settings_file_ends_the_program_with_a_sentence(string json, string sentence)
        => FailsAsync(sentence, "--settings", Write("settings.json", json));

    [Theory]
    [InlineData("nowhere.json cannot be read. ", "--settings", "nowhere.json")]
    [InlineData("'70000' at 'LocalHost:Port'", "--port", "70000")]
    [InlineData("--port needs a value.", "--port")]
    [InlineData("'--prot' is not known.", "--prot", "1")]
    public Task Wrong_command_line_ends_the_program_with_a_sentence(string sentence, params string[] arguments)
        => FailsAsync(sentence, arguments);

    [Fact]
    public async Task Folder_that_holds_no_published_app_ends_the_program_with_a_sentence()
    {
        var settings = Write("settings.json", "{ \"Values\": { \"LocalHost__FunctionKey\": \"f\" } }");
        await FailsAsync(
            "nowhere is not there. It must be what `dotnet publish` made of a Functions app.",
            "--settings",
            settings,
            "--app",
            Path.Combine(_folder, "nowhere"));
        await FailsAsync("is no published Functions app: it holds no host.json.", "--settings", settings, "--app", _folder);
        Write("host.json", "{ \"functionTimeout\": \"soon\" }");
        await FailsAsync("is no published Functions app: it holds no worker.config.json.", "--settings", settings, "--app", _folder);
        Write("worker.config.json", "{ \"description\": { \"language\": \"node\" } }");
        await FailsAsync("is an app in 'node'; only dotnet-isolated can be run.", "--settings", settings, "--app", _folder);
        Write("worker.config.json", "{ \"description\": { \"language\": \"dotnet-isolated\", \"defaultWorkerPath\": \"App.dll\" } }");
        await FailsAsync("is no published Functions app: it holds no App.dll.", "--settings", settings, "--app", _folder);
        Write("App.dll", "");
        await FailsAsync("functionTimeout is 'soon' but must be a time such as 00:10:00, or -1.", "--settings", settings, "--app", _folder);
    }

    [Fact]
    public Task What_the_worker_says_at_its_end_is_the_programs_last_word()
        => EndsAsync("Sample__Number is 'many' but must be a number.", ("Sample__Number", "many"));

    [Fact]
    public Task Setting_that_a_trigger_names_and_is_missing_ends_the_program_with_a_sentence()
        => EndsAsync("Functions.Tick", ("Sample__Schedule", ""));

    [Fact]
    public Task Storage_that_does_not_answer_ends_the_program_with_a_sentence()
    {
        const string address = "http://127.0.0.1:1/account";
        return EndsAsync(
            "Storage cannot be reached. ",
            (
                "AzureWebJobsStorage",
                $"DefaultEndpointsProtocol=http;AccountName=account;AccountKey=Y2FuYXJ5;"
                    + $"BlobEndpoint={address};QueueEndpoint={address};TableEndpoint={address};"));
    }

    [Fact]
    public async Task Storage_that_answers_late_is_waited_for()
    {
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        proxy.Exchange = async (request, send) =>
        {
            // Only the question whether it is there is not signed. Longer than a connection may take.
            if (!request.Headers.ContainsKey("Authorization"))
                await Task.Delay(TimeSpan.FromSeconds(11), TimeProvider.System, Cancellation);
            return await send();
        };

        await using var host = await SampleHost.StartAsync(SampleHost.Settings(proxy.ConnectionString));

        Assert.False(host.Process.HasExited);
    }

    [Fact]
    public async Task Taken_port_ends_the_program_with_a_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var said = await SampleHost.FailAsync(SampleHost.Settings(azurite.ConnectionString), port);

        Assert.Contains($"Port {port} of 127.0.0.1 is taken. Choose another, or 0 for a free one.", said, StringComparison.Ordinal);
    }

    private async Task EndsAsync(string sentence, (string Name, string Value) setting)
    {
        var said = await SampleHost.FailAsync(SampleHost.Settings(azurite.ConnectionString, setting));

        Assert.Contains(sentence, said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", said, StringComparison.Ordinal);
    }

    private async Task FailsAsync(string sentence, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [AppProcess.Program, .. arguments]) { WorkingDirectory = _folder };
        var (exitCode, output, errors) = await start.RunToEndAsync(cancellationToken: Cancellation);

        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}

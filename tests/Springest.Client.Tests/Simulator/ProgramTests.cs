using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Springest.Simulator;

namespace Springest.Client.Tests.Simulator;

public sealed class ProgramTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_runs_as_a_program_and_is_steered_over_http()
    {
        using var program = Start("--port", "0", "--trainings", "12", "--api-key=canary", "--seed", "3");
        try
        {
            var line = await program.StandardOutput.ReadLineAsync(Ended);
            var address = new Uri(line!.Split(' ').First(word => word.StartsWith("http", StringComparison.Ordinal)).TrimEnd('.'));
            using var http = QuietHttp.To(address);

            var page = await http.GetFromJsonAsync<JsonObject>("trainings.json?api_key=canary", Ended);

            Assert.Equal(12, (int)page!["meta"]!["results"]!);
            Assert.Contains("PATCH behaviour", await http.GetStringAsync("_simulator", Ended), StringComparison.Ordinal);
            Assert.DoesNotContain("canary", line, StringComparison.Ordinal);
        }
        finally
        {
            program.Kill();
        }
    }

    [Theory]
    [InlineData("--trainings should be a whole number from 0 to 2147483647, not many.", "--trainings", "many")]
    [InlineData("--port should be a whole number from 0 to 65535, not 70000.", "--port", "70000")]
    [InlineData("--seed needs a value.", "--seed")]
    [InlineData("There is no option --colour.", "--colour", "red")]
    [InlineData("--api-key should not be empty.", "--api-key", "")]
    [InlineData("There is no option --apikey.", "--apikey=secret")]
    public async Task A_wrong_command_line_gets_a_sentence(string sentence, params string[] args)
    {
        using var program = Start(args);
        var said = await program.StandardError.ReadToEndAsync(Ended);
        await program.WaitForExitAsync(Ended);

        Assert.StartsWith(sentence, said, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
        Assert.Equal(2, program.ExitCode);
    }

    [Fact]
    public async Task A_taken_port_gets_a_sentence()
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 0, Subjects = 0 }, Ended);
        using var program = Start("--port", $"{simulator.Address.Port}");
        var said = await program.StandardError.ReadToEndAsync(Ended);
        await program.WaitForExitAsync(Ended);

        Assert.StartsWith("The simulator cannot listen: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.Equal(1, program.ExitCode);
    }

    private static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(SimulatorServer).Assembly.Location);
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        return Process.Start(start)!;
    }
}

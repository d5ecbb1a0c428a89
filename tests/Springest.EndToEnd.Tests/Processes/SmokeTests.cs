using System.Diagnostics;
using System.Text.Json.Nodes;
using Springest.EndToEnd.Tests.Surroundings;
using Springest.Testing;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>`dotnet dev.cs smoke`, which people run against a live app, tells one that is well from one that is not.</summary>
public sealed class SmokeTests(World world) : ProcessTests(world)
{
    [Fact]
    public async Task An_app_that_is_well_passes_and_a_wrong_key_and_a_dead_app_are_failures()
    {
        await using var app = await World.StartAsync("smoke", Brisk());
        await app.FilledAsync();
        await PassesAsync(app, app.Keys.Operator);
        Assert.Empty(await TodoAsync(app));
        var output = await PassesAsync(app, app.Keys.Viewer);
        var entry = Assert.Single(await TodoAsync(app));
        Assert.Contains(
            $"Close it in the console, or by POST api/manage/certificates/nl/{entry!["key"]}/dismiss", output, StringComparison.Ordinal);

        var (wrongKey, refusal) = await RunAsync(app, "not-the-key", drop: null);
        await app.Instances[0].StopAsync(TestContext.Current.CancellationToken);
        var (dead, silence) = await RunAsync(
            app, app.Keys.Viewer, app.Drop.Name, "AccountName=account;AccountKey=Y2FuYXJ5;BlobEndpoint=http://127.0.0.1:1/account;");

        Assert.Equal(1, wrongKey);
        Assert.Contains("GET api/status is 401, not 200", refusal, StringComparison.Ordinal);
        Assert.Equal(1, dead);
        Assert.DoesNotContain("ok ", silence, StringComparison.Ordinal);
        Assert.Matches("FAILED  a file that is no certificate is rejected +Connection refused", silence);
    }

    // Nothing is left of the file.
    private static async Task<string> PassesAsync(App app, string key)
    {
        var (exitCode, output) = await RunAsync(app, key, app.Drop.Name, app.Storage);

        Assert.True(exitCode == 0, output);
        Assert.Contains("a file that is no certificate is rejected", output, StringComparison.Ordinal);
        Assert.DoesNotContain("FAILED", output, StringComparison.Ordinal);
        Assert.DoesNotContain(key, output, StringComparison.Ordinal);
        Assert.Empty(app.Simulator.Certificates.Snapshot());
        // The folder's lists of what is rejected are looked through every five minutes, and go then.
        await foreach (var left in app.Rejected.GetBlobsAsync(cancellationToken: TestContext.Current.CancellationToken))
            Assert.StartsWith("nl/rejections.", left.Name, StringComparison.Ordinal);
        return output;
    }

    private static async Task<IEnumerable<JsonNode?>> TodoAsync(App app)
        => JsonNode.Parse((await app.GetAsync("api/todo?now=true")).Body)!["attention"]!.AsArray()
            .Where(entry => $"{entry!["kind"]}" == "certificate-rejected");

    private static async Task<(int ExitCode, string Output)> RunAsync(App app, string key, string? drop, string storage = "")
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Repository.Program("Springest.Tools"),
                "smoke",
                "--to",
                $"{app.Address}",
                .. drop is null ? [] : (string[])["--container", drop],
            ])
        {
            Environment = { ["SPRINGEST_STORAGE"] = storage },
        };
        var (exitCode, output, errors) = await start.RunToEndAsync($"{key}\n", TestContext.Current.CancellationToken);
        return (exitCode, output + errors);
    }
}

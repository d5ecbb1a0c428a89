using System.Diagnostics;
using System.Text.Json;
using Springest.Functions.Quota.Limiter;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;

namespace Springest.Functions.Tests.Quota;

/// <summary><c>dotnet dev.cs check</c> asks with the app's key, so it asks within the app's quota.</summary>
public sealed class CheckQuotaTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly string _settings = Path.GetTempFileName();
    private TestApp _app = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
        => _app = await TestApp.StartAsync(azurite.Azurite, settings: new()
        {
            ["Springest:Quota:Limit"] = "48",
            ["Springest:Quota:PassPatience"] = "00:00:01",
        });

    public async ValueTask DisposeAsync()
    {
        File.Delete(_settings);
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Requests_of_the_check_count_and_a_used_up_quota_ends_it()
    {
        var used = await UsedAsync();

        var (_, report, _) = await CheckAsync();

        var sent = _app.Simulator.Requests.Count;
        Assert.Contains($"{sent} requests", report, StringComparison.Ordinal);
        Assert.Equal((sent, sent), (await UsedAsync() - used, _app.Simulator.Requests.Count));

        var (exitCode, _, errors) = await CheckAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains(" was not sent: the app's quota gave no request", errors, StringComparison.Ordinal);
        Assert.Equal(_app.Simulator.Requests.Count, await UsedAsync());
    }

    private async Task<int> UsedAsync()
        => (await _app.Get<QuotaLimiterRegistry>().ReadStatusAsync(TestApp.Site, Cancellation)).Sum(status => status.Used);

    private async Task<(int ExitCode, string Output, string Errors)> CheckAsync()
    {
        var values = _app.Settings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
        await File.WriteAllTextAsync(_settings, JsonSerializer.Serialize(new { Values = values }), Cancellation);
        string[] arguments = [Repository.Program("Springest.Tools"), "check", "--site", TestApp.Site, "--settings", _settings];
        return await new ProcessStartInfo("dotnet", arguments).RunToEndAsync(cancellationToken: Cancellation);
    }
}

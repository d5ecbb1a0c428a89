using System.Diagnostics;
using System.Net;
using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator.Behaviours;

namespace Springest.Functions.Tests.Status;

/// <summary>The page as a browser shows it, on machines that have Chromium or Chrome.</summary>
public sealed class DashboardTests(AzuriteFixture azurite)
{
    private static readonly string? _browser = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => (string[])[Path.Combine(folder, "chromium"), Path.Combine(folder, "google-chrome")]).FirstOrDefault(File.Exists);

    [Fact]
    public async Task The_page_shows_the_status_and_takes_no_text_for_markup()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        desk.App.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Close, Method = "POST" });
        await desk.DropAsync("<img src=x onerror=document.title='hostile'>.pdf");
        await desk.SweepAsync();

        var page = await ShowAsync(desk.App, TestApp.FunctionKey);

        Assert.Contains("<h2>Site nl</h2>", page, StringComparison.Ordinal);
        Assert.Contains("of 4,000 used", page, StringComparison.Ordinal);
        Assert.Contains("For a person to look at", page, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x onerror", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_shows_nothing_and_is_asked_for_again()
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);

        var page = await ShowAsync(app, "canary-wrong");

        Assert.Contains("This key does not open the app.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Site nl", page, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", page, StringComparison.Ordinal);
    }

    /// <summary>What the page has come to be once its script has run.</summary>
    private static async Task<string> ShowAsync(TestApp app, string key)
    {
        Assert.SkipWhen(_browser is null, "There is neither chromium nor google-chrome on the path.");
        var profile = Directory.CreateTempSubdirectory();
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(_browser!,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--lang=en-US", $"--user-data-dir={profile.FullName}", "--virtual-time-budget=4000", "--dump-dom",
                $"{new Uri(app.Http.BaseAddress!, "dashboard")}#key={WebUtility.UrlEncode(key)}",
            ])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = browser.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var page = await browser.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await browser.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(page.Length > 0, await said);
            return page;
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }
}

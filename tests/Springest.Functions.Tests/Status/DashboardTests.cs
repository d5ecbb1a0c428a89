using System.Net;
using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator.Behaviours;

namespace Springest.Functions.Tests.Status;

/// <summary>The page as a browser shows it, on machines that have one.</summary>
public sealed class DashboardTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task The_page_shows_the_status_and_takes_no_text_for_markup()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        desk.App.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Close, Method = "POST" });
        await desk.DropAsync("<img src=x onerror=document.title='hostile'>.pdf");
        await desk.SweepAsync();

        var page = await ShowAsync(desk.App, TestApp.ViewerKey, "For a person to look at");

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

        var page = await ShowAsync(app, "canary-wrong", "This key does not open the app.");

        Assert.Contains("This key does not open the app.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Site nl", page, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", page, StringComparison.Ordinal);
    }

    /// <summary>What the page has come to be once it shows a text.</summary>
    private static async Task<string> ShowAsync(TestApp app, string key, string text)
    {
        await using var browser = await Chromium.StartAsync();
        Assert.SkipWhen(browser is null, "There is neither chromium nor google-chrome on the path, nor one in tests/browser.");
        await using var page = await browser!.NewPageAsync();
        await page.GoToAsync($"{new Uri(app.Http.BaseAddress!, "dashboard")}#key={WebUtility.UrlEncode(key)}");
        await page.WaitForFunctionAsync("text => document.body.innerText.includes(text)", text);
        return await page.GetContentAsync();
    }
}

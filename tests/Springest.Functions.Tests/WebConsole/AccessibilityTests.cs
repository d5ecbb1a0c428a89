using PuppeteerSharp;
using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Tests.Webhooks;
using Springest.Simulator.Behaviours;
using Springest.Testing;

namespace Springest.Functions.Tests.WebConsole;

/// <summary>Every view, in each language, width and theme. SPRINGEST_SCREENSHOTS names a folder for pictures of them.</summary>
public sealed class AccessibilityTests(AccessibilityTests.FullDesk full) : IClassFixture<AccessibilityTests.FullDesk>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", 1280, false)]
    [InlineData("en", 360, true)]
    [InlineData("en", 1280, true)]
    [InlineData("nl", 1280, false)]
    [InlineData("nl", 360, true)]
    [InlineData("de", 1280, false)]
    [InlineData("de", 360, false)]
    public async Task Every_view_is_accessible_and_fits(string language, int width, bool dark)
    {
        var axe = Repository.PathOf("node_modules/axe-core/axe.min.js");
        Assert.SkipUnless(File.Exists(axe), "`npm ci` has not been run.");
        await using var page = await ConsolePage.OpenAsync(full.Desk.App, language: language, width: width, dark: dark, withPolicy: false);
        await page.Page.EvaluateFunctionAsync("async () => (await import('./console/app.js')).refresh(true)");
        await page.Page.EvaluateExpressionAsync(await File.ReadAllTextAsync(axe, Cancellation));
        foreach (var view in (string[])["todo", "certificates", "mirror", "webhooks", "quota"])
        {
            await page.GoAsync(view);
            await SaveAsync(page, $"{view}-{language}-{width}{(dark ? "-dark" : "")}");
            Assert.Empty(await FaultsAsync(page));
            await FitsAsync(page);
            // Numbers are visible at every width.
            Assert.Empty(await page.Page.EvaluateExpressionAsync<string[]>(
                "[...document.querySelectorAll('.n, .big')].filter(each => each.scrollWidth > each.clientWidth + 1 && each.clientWidth)"
                + ".map(each => each.textContent)"));
        }

        // Nothing is told in the language of the site to a reader of another.
        await page.GoAsync("todo");
        Assert.Equal(language == "en", (await page.TextAsync()).Contains("had no verified certification", StringComparison.Ordinal));
        await page.Page.ClickAsync("section.todo button");
        await page.Page.WaitForSelectorAsync("dialog[open]");
        Assert.Empty(await FaultsAsync(page));
        await page.Page.Keyboard.PressAsync("Escape");
        await page.GoAsync("certificates");
        await page.Page.ClickAsync("td button");
        await page.Page.WaitForSelectorAsync("#one");
        await SaveAsync(page, $"one-{language}-{width}{(dark ? "-dark" : "")}");
        Assert.Empty(await FaultsAsync(page));
        await FitsAsync(page);
        // By the same style sheet in every language.
        if ((language, width, dark) is ("en", 1280, false) or ("en", 360, true))
            await CheckForcedColoursAsync(page, dark);
    }

    /// <summary>Where a system draws everything in its own few colours, what is told by a colour is told by a border as well.</summary>
    private static async Task CheckForcedColoursAsync(ConsolePage page, bool dark)
    {
        await page.GoAsync("quota");
        var session = await page.Page.CreateCDPSessionAsync();
        await session.SendAsync("Emulation.setEmulatedMedia", new
        {
            features = new[]
            {
                new { name = "forced-colors", value = "active" },
                new { name = "prefers-color-scheme", value = dark ? "dark" : "light" },
            },
        });

        Assert.Equal(
            ["true", "true", "0", "0"],
            await page.Page.EvaluateFunctionAsync<string[]>("""
                () => {
                  const all = [...document.querySelectorAll('button, .card, .line, nav a[aria-current]')]
                    .map(each => getComputedStyle(each));
                  const bad = value => all.filter(style => [style.borderBottomStyle, style.borderBottomColor].includes(value)).length;
                  return [matchMedia('(forced-colors: active)').matches, all.length > 5, bad('none'), bad('rgba(0, 0, 0, 0)')].map(String);
                }
                """));
        foreach (var view in (string[])["todo", "certificates", "mirror", "webhooks", "quota"])
        {
            await page.GoAsync(view);
            Assert.Empty(await FaultsAsync(page));
        }
    }

    private static async Task FitsAsync(ConsolePage page)
        => Assert.Equal(
            await page.Page.EvaluateExpressionAsync<int>("innerWidth"),
            await page.Page.EvaluateExpressionAsync<int>("Math.max(innerWidth, document.documentElement.scrollWidth)"));

    private static Task<string[]> FaultsAsync(ConsolePage page)
        => page.Page.EvaluateFunctionAsync<string[]>("""
            async () => (await axe.run({
              runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
              resultTypes: ['violations'],
              selectors: false,
            })).violations
              .map(fault => `${fault.id}: ${fault.nodes.map(node => `${node.html} ${node.failureSummary}`).join(' ')}`)
            """);

    /// <summary>For people to look at, where they ask for it.</summary>
    private static async Task SaveAsync(ConsolePage page, string name)
    {
        if (Environment.GetEnvironmentVariable("SPRINGEST_SCREENSHOTS") is { Length: > 0 } folder)
            await page.Page.ScreenshotAsync(Path.Combine(folder, $"{name}.png"), new ScreenshotOptions { FullPage = true });
    }

    /// <summary>An app in which there is something to see in every view.</summary>
    public sealed class FullDesk(AzuriteFixture azurite) : IAsyncLifetime
    {
        internal CertificateDesk Desk { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Desk = await CertificateDesk.OpenAsync(azurite);
            await Desk.DropAsync("3101_anna.de.vries@example.test_2026-03-01.pdf");
            await Desk.SweepAsync();
            Desk.App.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Close, Method = "POST" });
            await Desk.DropAsync("Certificaat Bert.pdf", metadata: CertificateDesk.Fields(email: "bert@example.test"));
            await Desk.SweepAsync();
            await Desk.DropAsync(
                "een heel lange naam zonder dat er iets in staat dat iemand helpt.pdf", metadata: new() { ["certification_id"] = "9" });
            await Desk.DropAsync("Chris.pdf", metadata: new() { ["certification_id"] = "8" });
            await Desk.SweepAsync();
            await Desk.App.FireAsync("CrawlTrainings");
            await Desk.ManageAsync("catalogue/nl/certifications/pause");
            await Desk.MirrorAsync();
            await Desk.ManageAsync("certificates/nl/stop");
            await new WebhookDriver(Desk.App).PostAsync(
                """{"changes":[{"action":"update","object":"training","id":1},{"action":"x","object":"y","id":7}]}""");
        }

        public ValueTask DisposeAsync() => Desk.DisposeAsync();
    }
}

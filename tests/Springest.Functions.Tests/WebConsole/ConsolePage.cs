using PuppeteerSharp;
using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.WebConsole;

/// <summary>The console in a browser, on machines that have one.</summary>
internal sealed class ConsolePage : IAsyncDisposable
{
    private readonly IBrowserContext _browser;
    private readonly List<string> _errors = [];

    private ConsolePage(IBrowserContext browser, IPage page)
    {
        (_browser, Page) = (browser, page);
        // A machine may be very busy.
        page.DefaultTimeout = (int)TimeSpan.FromMinutes(2).TotalMilliseconds;
        page.PageError += (_, error) => _errors.Add(error.Message);
        // What is refused, such as a wrong key, the browser tells too.
        page.Console += (_, line) =>
        {
            if (line.Message.Type == ConsoleType.Error
                && !line.Message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                _errors.Add(line.Message.Text);
        };
    }

    public IPage Page { get; }

    public static Task<ConsolePage> OpenAsync(
        TestApp app, string? key = TestApp.OperatorKey, string language = "en", int width = 1280, bool dark = false, bool withPolicy = true)
        => OpenAsync(app.Address, key, language, width, dark, withPolicy);

    public static async Task<ConsolePage> OpenAsync(
        Uri app, string? key = TestApp.OperatorKey, string language = "en", int width = 1280, bool dark = false, bool withPolicy = true)
    {
        var browser = await Chromium.OpenAsync();
        var page = new ConsolePage(browser, await browser.NewPageAsync());
        await page.Page.SetBypassCSPAsync(!withPolicy);
        await page.Page.EmulateMediaFeaturesAsync(
            [new() { MediaFeature = MediaFeature.PrefersColorScheme, Value = dark ? "dark" : "light" }]);
        await page.Page.SetViewportAsync(new ViewPortOptions { Width = width, Height = 900 });
        await page.Page.EvaluateExpressionOnNewDocumentAsync($"localStorage.setItem('language', '{language}')");
        await page.Page.GoToAsync($"{new Uri(app, "api/console")}");
        await page.Page.WaitForSelectorAsync("#key");
        if (key is not null)
            await page.EnterAsync(key);
        return page;
    }

    public async Task EnterAsync(string key)
    {
        await Page.TypeAsync("#key", key);
        await Page.Keyboard.PressAsync("Enter");
        await Page.WaitForFunctionAsync("() => document.querySelector('nav') || document.getElementById('wrong').textContent");
    }

    public async Task GoAsync(string view)
    {
        await Page.EvaluateExpressionAsync($"location.hash = '{view}'");
        await Page.WaitForFunctionAsync(
            "view => document.querySelector(`nav a[href='#${view}'][aria-current]`) && !/One moment|ogenblik|Augenblick/"
            + ".test(document.getElementById('view').textContent)", view);
    }

    public async Task SeesAsync(string text)
    {
        try
        {
            await Page.WaitForFunctionAsync("text => document.body.innerText.includes(text)", text);
        }
        catch (WaitTaskTimeoutException)
        {
            Assert.Contains(text, await TextAsync(), StringComparison.Ordinal);
        }
    }

    /// <summary>Presses the button of this text, or label, and answers the question that it asks.</summary>
    public async Task DecideAsync(string button, string? number = null)
    {
        await PressAsync(button);
        await Page.WaitForSelectorAsync("dialog[open]");
        if (number is not null)
            await Page.TypeAsync("#given", number);
        await IsToldAsync(() => Page.ClickAsync("dialog button.first"));
    }

    /// <summary>Takes back what was decided.</summary>
    public Task UndoAsync() => IsToldAsync(() => PressAsync("Undo"));

    public async Task PressAsync(string button)
    {
        const string find = "name => [...document.querySelectorAll('button')]"
            + ".find(each => each.textContent === name || each.ariaLabel === name)";
        var found = await (await Page.WaitForFunctionAsync(find, button)).EvaluateFunctionHandleAsync("each => each") as IElementHandle;
        await found!.ClickAsync();
    }

    /// <summary>Holds back the answer to the next request to an address with this in it.</summary>
    public Task HoldAsync(string part) => Page.EvaluateFunctionAsync(
        """
        part => {
          const { fetch } = window;
          window.fetch = (path, request) => {
            if (!path.includes(part))
              return fetch(path, request);
            window.fetch = fetch;
            return new Promise(answer => window.letThrough = async (status, problem) => {
              window.letThrough = null;
              const late = status ? Response.json({ detail: problem }, { status }) : await fetch(path, request);
              answer(late.clone());
              await late.text();
            });
          };
        }
        """,
        part);

    public Task IsHeldAsync() => Page.WaitForFunctionAsync("() => window.letThrough");

    /// <summary>Lets the answer through that is held back, or a refusal in its place.</summary>
    public async Task LetThroughAsync(int? status = null, string? problem = null)
    {
        await IsHeldAsync();
        await Page.EvaluateFunctionAsync("(status, problem) => letThrough(status, problem)", status, problem);
    }

    /// <summary>Has the page ask once more, as it does from time to time.</summary>
    public Task LookAgainAsync() => Page.EvaluateFunctionAsync("async () => (await import('./console/app.js')).refresh()");

    public Task<string> TextAsync() => Page.EvaluateExpressionAsync<string>("document.body.innerText");

    /// <summary>Texts of all buttons that there are.</summary>
    public Task<string[]> ButtonsAsync()
        => Page.EvaluateExpressionAsync<string[]>("[...document.querySelectorAll('button')].map(each => each.textContent)");

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        Assert.Empty(_errors);
    }

    // The dialog closes, and the button goes, before the app has answered; only then does the page say what came of it.
    private async Task IsToldAsync(Func<Task> press)
    {
        await Page.EvaluateExpressionAsync("document.getElementById('said').textContent = ''");
        await press();
        await Page.WaitForFunctionAsync("() => /[^…]$/.test(document.getElementById('said').textContent)");
    }
}

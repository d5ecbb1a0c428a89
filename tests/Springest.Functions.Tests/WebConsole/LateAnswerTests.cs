using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Tests.Webhooks;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.WebConsole;

/// <summary>Answers that come late, or not at all, or to somebody who has signed out.</summary>
public sealed class LateAnswerTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Who_signs_in_again_sees_a_list_that_has_not_changed()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.FireAsync("Measure");
        await using var page = await ConsolePage.OpenAsync(desk.App);
        await page.HoldAsync("todo");
        await page.PressAsync("Check now");
        await page.LetThroughAsync(401, "This key is unknown.");
        await page.SeesAsync("This key is unknown.");

        await page.EnterAsync(TestApp.OperatorKey);

        await page.SeesAsync("Nothing needs you.");
    }

    [Theory]
    [InlineData("webhooks", "deliveries/", "Details")]
    [InlineData("mirror", "passes", "The last passes")]
    public async Task What_is_refused_in_a_view_is_said_and_shown_when_it_is_asked_for_again(string view, string address, string button)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await new WebhookDriver(desk.App).PostAsync(WebhookBodies.Changes(WebhookBodies.Destroy(1)));
        await desk.App.FireAsync("Measure");
        await using var page = await ConsolePage.OpenAsync(desk.App);
        await page.GoAsync(view);
        await page.HoldAsync(address);
        await page.PressAsync(button);
        await page.LetThroughAsync(503, "Storage is away.");
        await page.SeesAsync("Not done: Storage is away.");

        await page.PressAsync(button);

        await page.SeesAsync(view == "webhooks" ? "What it named" : "Started");
    }

    [Fact]
    public async Task Who_signs_in_gets_no_answer_to_who_has_signed_out()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await using var page = await ConsolePage.OpenAsync(desk.App);
        await page.HoldAsync("todo");
        await page.PressAsync("Check now");
        await page.IsHeldAsync();
        await page.PressAsync("Sign out");
        await page.Page.TypeAsync("#key", TestApp.ViewerKey);
        await page.Page.Keyboard.PressAsync("Enter");
        await page.LetThroughAsync();

        var who = await page.Page.WaitForSelectorAsync("[data-key=who]");
        Assert.Equal("vic, may look", await who.EvaluateFunctionAsync<string>("each => each.textContent"));
    }

    [Fact]
    public async Task View_says_when_it_was_read_however_often_the_list_is_looked_at()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.FireAsync("Measure");
        await using var page = await ConsolePage.OpenAsync(desk.App);
        // The view is read an hour ago, by the page's clock.
        var then = await page.Page.EvaluateFunctionAsync<string>("""
            async () => {
              const { now } = Date;
              const then = now() - 3600000;
              Date.now = () => then;
              window.goOn = () => Date.now = now;
              return (await import('./console/words.js')).moment(then);
            }
            """);
        await page.GoAsync("quota");
        var shown = await page.TextAsync();

        await page.Page.EvaluateExpressionAsync("goOn()");
        await page.LookAgainAsync();

        await page.SeesAsync($"As of {then}");
        Assert.Equal(shown, await page.TextAsync());
        await page.PressAsync("Check now");
        await page.Page.WaitForFunctionAsync("then => !document.body.innerText.includes(then)", then);
    }

    [Fact]
    public async Task View_that_could_not_be_read_is_read_again_though_the_list_is_the_same()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.FireAsync("Measure");
        await using var page = await ConsolePage.OpenAsync(desk.App);
        await page.GoAsync("mirror");
        await page.PressAsync("Sign out");
        await page.HoldAsync("status");
        await page.Page.TypeAsync("#key", TestApp.OperatorKey);
        await page.Page.Keyboard.PressAsync("Enter");
        await page.LetThroughAsync(500, "Storage is away.");
        await page.SeesAsync("Not up to date: Storage is away.");

        await page.LookAgainAsync();

        await page.SeesAsync("Certifications");
        Assert.DoesNotContain("Not up to date", await page.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhooks_that_are_not_read_yet_are_not_said_to_be_none()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.FireAsync("Measure");
        await using var page = await ConsolePage.OpenAsync(desk.App);
        await page.HoldAsync("deliveries");
        await page.Page.EvaluateExpressionAsync("location.hash = 'webhooks'");
        await page.SeesAsync("One moment");
        await page.LetThroughAsync(500, "Storage is away.");
        await page.SeesAsync("Not up to date: Storage is away.");
        await page.SeesAsync("One moment");

        await page.LookAgainAsync();

        await page.SeesAsync("None came today or yesterday.");
        Assert.DoesNotContain("Not up to date", await page.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificates_are_those_of_the_state_that_was_chosen_last()
    {
        await using var desk = await OpenWithCertificatesAsync();
        await using var page = await ConsolePage.OpenAsync(desk.App);
        await page.GoAsync("certificates");
        await page.HoldAsync("state=Rejected");
        await page.Page.SelectAsync("#state", "Rejected");
        await page.Page.SelectAsync("#state", "Accepted");
        await page.SeesAsync("first.pdf");
        await page.LetThroughAsync();

        await page.PressAsync("Details: first.pdf");
        await page.Page.WaitForSelectorAsync("#one");
        Assert.DoesNotContain("wrong.pdf", await page.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_is_shown_only_of_the_list_that_it_was_asked_for()
    {
        await using var desk = await OpenWithCertificatesAsync();
        await using var page = await ConsolePage.OpenAsync(desk.App);
        // Each list goes on, with itself.
        await page.Page.EvaluateExpressionAsync("""
            (() => {
              const { fetch } = window;
              window.fetch = async (path, request) => path.startsWith('certificates?')
                ? Response.json({ ...await (await fetch(path.split('&')[0], request)).json(), cursor: 'more' })
                : fetch(path, request);
            })()
            """);
        await page.GoAsync("certificates");
        await page.HoldAsync("cursor=more");
        await page.PressAsync("Show more");
        await page.IsHeldAsync();
        await page.Page.SelectAsync("#state", "Rejected");
        await page.SeesAsync("wrong.pdf");
        await page.LetThroughAsync();

        await page.PressAsync("Details: wrong.pdf");
        await page.Page.WaitForSelectorAsync("#one");
        Assert.DoesNotContain("first.pdf", await page.TextAsync(), StringComparison.Ordinal);
        await page.HoldAsync("cursor=more");
        await page.PressAsync("Show more");
        await page.LetThroughAsync(500, "Storage is away.");
        await page.SeesAsync("Not done: Storage is away.");
    }

    [Fact]
    public async Task Certificate_that_is_shown_is_the_one_that_was_looked_at_last()
    {
        await using var desk = await OpenWithCertificatesAsync();
        await using var page = await ConsolePage.OpenAsync(desk.App);
        await page.GoAsync("certificates");
        await page.HoldAsync("certificates/nl/");
        await page.PressAsync("Details: first.pdf");
        await page.IsHeldAsync();
        await page.PressAsync("Details: second.pdf");
        await page.Page.WaitForSelectorAsync("#one");
        await page.LetThroughAsync();

        await page.HoldAsync("certificates/nl/");
        await page.PressAsync("Details: first.pdf");
        await page.LetThroughAsync(500, "Storage is away.");
        await page.SeesAsync("Not done: Storage is away.");
        Assert.Equal("second.pdf", await page.Page.EvaluateExpressionAsync<string>("document.getElementById('one').textContent"));
    }

    [Fact]
    public async Task What_is_found_is_what_was_searched_for_last()
    {
        await using var desk = await OpenWithCertificatesAsync();
        await using var page = await ConsolePage.OpenAsync(desk.App);
        await page.GoAsync("certificates");
        await page.Page.TypeAsync("#wanted", CertificateDesk.EmailOf("first.pdf"));
        await page.HoldAsync("search");
        await page.PressAsync("Search");
        await page.IsHeldAsync();
        await page.Page.EvaluateExpressionAsync("document.getElementById('wanted').value = 'nobody@example.test'");
        await page.PressAsync("Search");
        await page.SeesAsync("Nothing found.");
        await page.LetThroughAsync();

        await page.PressAsync("Details: first.pdf");
        await page.Page.WaitForSelectorAsync("#one");
        await page.SeesAsync("Nothing found.");
    }

    [Fact]
    public async Task What_becomes_of_a_decision_is_told_to_nobody_who_comes_after()
    {
        await using var desk = await OpenWithRejectionsAsync();
        await using var page = await ConsolePage.OpenAsync(desk.App);
        await page.HoldAsync("dismiss");
        await AnswerYesAsync(page, "Close: nl/one.pdf");
        await ComeNextAsync(page);
        await IsNothingToldAsync(page);

        await page.DecideAsync("Close: nl/two.pdf");
        await page.HoldAsync("reopen");
        await page.PressAsync("Undo");
        await ComeNextAsync(page);
        await IsNothingToldAsync(page);
    }

    [Fact]
    public async Task What_is_done_one_by_one_is_not_gone_on_with_by_who_comes_after()
    {
        await using var desk = await OpenWithRejectionsAsync();
        await using var page = await ConsolePage.OpenAsync(desk.App);
        await page.HoldAsync("dismiss");
        await AnswerYesAsync(page, "Close: all 2 (Rejected)");
        Assert.Empty(await ComeNextAsync(page));

        await page.GoAsync("certificates");
        // Of two parts.
        await page.Page.EvaluateExpressionAsync("""
            (() => {
              const given = new DataTransfer();
              given.items.add(new File([new Uint8Array(1024 * 1024 + 1)], '3101_jo@example.test_2026-03-01.pdf'));
              const input = document.getElementById('upload-files');
              input.files = given.files;
              input.dispatchEvent(new Event('change'));
            })()
            """);
        await page.SeesAsync("1 will be sent, 0 are wrong.");
        await page.HoldAsync("nl/files");
        await page.PressAsync("Send 1");
        Assert.Empty(await ComeNextAsync(page));
        Assert.DoesNotContain("3101_jo", await page.TextAsync(), StringComparison.Ordinal);
    }

    private static async Task AnswerYesAsync(ConsolePage page, string button)
    {
        await page.PressAsync(button);
        await page.Page.WaitForSelectorAsync("dialog[open]");
        await page.Page.ClickAsync("dialog button.first");
    }

    /// <summary>Who waits for the answer that is held back signs out, and another signs in; then it comes.</summary>
    /// <returns>What the page posts after that.</returns>
    private static async Task<string[]> ComeNextAsync(ConsolePage page)
    {
        await page.IsHeldAsync();
        await page.PressAsync("Sign out");
        await page.EnterAsync(TestApp.OperatorKey);
        await page.Page.EvaluateExpressionAsync("""
            (() => {
              const { fetch } = window;
              const posted = window.posted = [];
              window.fetch = (path, request) => {
                if (request.method === 'POST')
                  posted.push(path);
                return fetch(path, request);
              };
            })()
            """);
        await page.LetThroughAsync();
        await page.LookAgainAsync();
        return await page.Page.EvaluateExpressionAsync<string[]>("window.posted");
    }

    private static async Task IsNothingToldAsync(ConsolePage page)
    {
        Assert.Equal("", await page.Page.EvaluateExpressionAsync<string>("document.getElementById('said').textContent"));
        Assert.DoesNotContain("Undo", await page.ButtonsAsync());
    }

    private async Task<CertificateDesk> OpenWithRejectionsAsync()
    {
        var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("one.pdf", metadata: new() { ["certification_id"] = "9" });
        await desk.DropAsync("two.pdf", metadata: new() { ["certification_id"] = "8" });
        await desk.SweepAsync();
        await desk.App.FireAsync("Measure");
        return desk;
    }

    /// <summary>Two are accepted, and one is not.</summary>
    private async Task<CertificateDesk> OpenWithCertificatesAsync()
    {
        var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("first.pdf");
        await desk.DropAsync("second.pdf");
        await desk.DropAsync("wrong.pdf", metadata: new() { ["certification_id"] = "9" });
        await desk.SweepAsync();
        await desk.App.FireAsync("Measure");
        return desk;
    }
}

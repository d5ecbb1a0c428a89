using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;

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
}

using System.Net;
using Microsoft.Extensions.Options;
using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Webhooks;

/// <summary>Who may post webhooks, beyond the function key.</summary>
public sealed class WebhookGateTests(AzuriteFixture azurite)
{
    private const string Old = "canary-secret-old-51d0";
    private const string New = "canary-secret-new-8e7b";

    [Fact]
    public async Task Two_secrets_hold_at_once_and_no_other()
    {
        await using var app = await TestApp.StartAsync(
            azurite.Azurite, settings: new() { ["Springest:Webhooks:Secret"] = New, ["Springest:Webhooks:OtherSecret"] = Old });
        var webhooks = new WebhookDriver(app);

        foreach (var (secret, status) in new[]
        {
            (Old, HttpStatusCode.OK), (New, HttpStatusCode.OK), ("", HttpStatusCode.Unauthorized), (Old + "x", HttpStatusCode.Unauthorized),
            (Old[1..], HttpStatusCode.Unauthorized), (New.ToUpperInvariant(), HttpStatusCode.Unauthorized),
        })
            Assert.Equal((secret, status), (secret, (await webhooks.PostToAsync($"webhooks/nl/trainings/{secret}", """{"changes":[]}""")).Status));

        Assert.Equal(2, (await webhooks.DeliveriesAsync()).Count);
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains("Springest", StringComparison.Ordinal) && line.Contains("canary-secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("203.0.113.7", true)]
    [InlineData("203.0.113.7:51234", true)]
    [InlineData("::ffff:203.0.113.7", true)]
    [InlineData("198.51.100.200", true)]
    [InlineData("[2001:db8:1::9]:443", true)]
    [InlineData("2001:db8:1::9", true)]
    [InlineData("203.0.113.8", false)]
    [InlineData("2001:db9::1", false)]
    [InlineData("203.0.113.7, 192.0.2.1", false)]
    [InlineData("192.0.2.1, 203.0.113.7", true)]
    [InlineData("", false)]
    [InlineData("unknown", false)]
    [InlineData(null, false)]
    public void An_address_counts_as_far_as_the_proxies_are_trusted(string? forwardedFor, bool isAllowed)
        => Assert.Equal(isAllowed, IsAllowed("203.0.113.7, 198.51.100.0/24, 2001:db8::/32", 1, forwardedFor));

    [Theory]
    [InlineData("203.0.113.7, 192.0.2.1", true)]
    [InlineData("203.0.113.7, 192.0.2.1, 192.0.2.2", false)]
    [InlineData("203.0.113.7", false)]
    public void With_two_proxies_the_one_before_the_last_counts(string forwardedFor, bool isAllowed)
        => Assert.Equal(isAllowed, IsAllowed("203.0.113.7", 2, forwardedFor));

    [Fact]
    public async Task An_address_that_is_not_listed_is_refused()
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite, settings: new() { ["Springest:Webhooks:AllowedAddresses"] = "203.0.113.0/24" });
        var webhooks = new WebhookDriver(app);

        Assert.Equal(HttpStatusCode.OK, (await webhooks.PostToAsync("webhooks/nl/trainings", """{"changes":[]}""", "203.0.113.9:1")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await webhooks.PostToAsync("webhooks/nl/trainings", """{"changes":[]}""", "192.0.2.1:1")).Status);
        Assert.Single(await webhooks.DeliveriesAsync());
    }

    [Theory]
    [InlineData("Secret", "short", "Springest__Webhooks__Secret must be")]
    [InlineData("Secret", "has/a-slash-in-it-so-no", "Springest__Webhooks__Secret must be")]
    [InlineData("AllowedAddresses", "203.0.113.7, home", "Springest__Webhooks__AllowedAddresses has 'home'")]
    [InlineData("Concurrency", "0", "Springest__Webhooks__Concurrency is 0; it must lie between 1 and 100.")]
    [InlineData("InlineBudget", "00:10:00", "Springest__Webhooks__InlineBudget is 00:10:00; it must lie between 00:00:00 and 00:00:30.")]
    [InlineData("MaxBodyBytes", "10", "Springest__Webhooks__MaxBodyBytes is 10;")]
    public async Task A_wrong_setting_stops_the_app_with_a_sentence(string setting, string value, string expected)
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestApp.StartAsync(azurite.Azurite, settings: new() { [$"Springest:Webhooks:{setting}"] = value }));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.True(setting != "Secret" || !exception.Message.Contains(value, StringComparison.Ordinal));
    }

    private static bool IsAllowed(string list, int proxies, string? forwardedFor)
    {
        var gate = new Functions.Webhooks.WebhookGate(
            Options.Create(new Functions.Webhooks.WebhookOptions { AllowedAddresses = list, TrustedProxies = proxies }));
        var headers = new Microsoft.Azure.Functions.Worker.Http.HttpHeadersCollection();
        if (forwardedFor is not null)
            headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        return Record.Exception(() => gate.Check(null, headers)) is null;
    }
}

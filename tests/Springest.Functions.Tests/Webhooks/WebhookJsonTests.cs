using System.Globalization;
using System.Net;
using System.Text;
using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Webhooks;

public sealed class WebhookJsonTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task What_is_json_is_taken_and_shown_and_what_is_not_leaves_no_trace()
    {
        await using var app = await TestApp.StartAsync(
            azurite.Azurite,
            settings: new() { ["Springest:Webhooks:InlineBudget"] = "00:00:00" });
        var webhooks = new WebhookDriver(app);
        var faults = new List<string>();
        var (cases, taken) = (0, 0);

        foreach (var (body, expected) in JsonCases.All)
        {
            cases++;
            var answer = await webhooks.PostAsync(body);
            taken += answer.Status is HttpStatusCode.OK ? 1 : 0;
            HttpStatusCode[] allowed = expected switch
            {
                true => [HttpStatusCode.OK],
                false => [HttpStatusCode.BadRequest],
                null => [HttpStatusCode.OK, HttpStatusCode.BadRequest],
            };
            var shown = answer.Status is HttpStatusCode.OK
                ? (await webhooks.SendAsync(
                    HttpMethod.Get, $"webhooks/nl/deliveries/{answer.Json.GetProperty("delivery").GetString()}")).Status
                : HttpStatusCode.OK;
            if (!allowed.Contains(answer.Status) || shown is not HttpStatusCode.OK)
                faults.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{(int)answer.Status}, {(int)shown}: {Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 200)))}"));
        }

        Assert.Empty(faults);
        Assert.InRange(cases, 150, int.MaxValue);
        Assert.Equal(taken, (await webhooks.DeliveriesAsync()).Count);
        Assert.Equal(taken, (await webhooks.BodiesAsync()).Count);
        Assert.Equal(["Training-0000000000000000007"], (await webhooks.InboxAsync()).Select(row => row.RowKey));
    }
}

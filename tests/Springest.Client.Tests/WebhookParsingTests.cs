using System.Text;

namespace Springest.Client.Tests;

/// <summary>Webhooks in both formats (docs/springest-api.md, section 9), and as they may come one day.</summary>
public sealed class WebhookParsingTests
{
    public static TheoryData<string, int> Samples => new()
    {
        { "webhook-trainings-changes.json", 3 },
        { "webhook-trainings-changes-repeat.json", 3 },
        { "webhook-trainings-changes-empty.json", 0 },
        { "webhook-training-create-2014.json", 1 },
        { "webhook-training-update-2014.json", 1 },
        { "webhook-training-delete-2014.json", 1 },
        { "webhook-conversions.json", 1 },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void Samples_are_read(string file, int changes)
    {
        var webhook = SpringestWebhook.Parse(File.ReadAllBytes(PayloadTests.Path(file)));

        Assert.Equal((changes, 0), (webhook.Changes.Count, webhook.Ignored));
        Assert.All(webhook.Changes, change => Assert.True(change.UrlFits));
    }

    [Theory]
    [InlineData("""{"action":"UPDATE","object":"Training","id":7}""", ChangedObject.Training, ChangeAction.Update)]
    [InlineData("""{"action":"updated","object":"trainings","id":"7"}""", ChangedObject.Training, ChangeAction.Update)]
    [InlineData("""{"action":"Destroy","object":"institutes","id":7.0}""", ChangedObject.Institute, ChangeAction.Destroy)]
    [InlineData(
        """{"action":"deleted","url":"http://api.springest.nl/trainings/7","id":" 7 "}""",
        ChangedObject.Training,
        ChangeAction.Destroy
    )]
    [InlineData(
        """{"action":"import","url":"http://api.springest.nl/institutes/7.json","id":7}""",
        ChangedObject.Institute,
        ChangeAction.Import
    )]
    public void Changes_are_read_in_other_words(string change, ChangedObject about, ChangeAction action)
    {
        var webhook = SpringestWebhook.Parse(Encoding.UTF8.GetBytes($$"""{"changes":[{{change}}]}"""));

        Assert.Equal(new SpringestChange(about, 7, action, UrlFits: true), Assert.Single(webhook.Changes));
    }

    [Theory]
    [InlineData("training", "institutes", false)]
    [InlineData("training", "bookings", false)]
    [InlineData("conversion", "bookings", true)]
    [InlineData("training", "courses", true)]
    public void Url_fits_unless_it_is_known_to_lead_to_another_object(string about, string path, bool fits)
    {
        var webhook = SpringestWebhook.Parse(Encoding.UTF8.GetBytes(
            $$"""{"changes":[{"action":"update","object":"{{about}}","id":7,"url":"http://api.springest.nl/{{path}}/7"}]}"""));

        Assert.Equal(fits, Assert.Single(webhook.Changes).UrlFits);
    }

    [Theory]
    [InlineData("""{"action":"explode","object":"training","id":7}""")]
    [InlineData("""{"action":"update","object":"user","id":7}""")]
    [InlineData("""{"action":"update","object":"training","id":0}""")]
    [InlineData("""{"action":"update","object":"training","id":"7a"}""")]
    [InlineData("""{"action":"import","object":"training","id":7}""")]
    [InlineData("""{"action":"\ud800","object":"training","id":7}""")]
    [InlineData("7")]
    public void Changes_that_mean_nothing_are_counted(string change)
    {
        var webhook = SpringestWebhook.Parse(
            Encoding.UTF8.GetBytes($$"""{"changes":[{{change}},{"action":"update","object":"training","id":8}]}"""));

        Assert.Equal((1, 1, 8L), (webhook.Ignored, webhook.Changes.Count, webhook.Changes[0].Id));
    }

    [Theory]
    [InlineData("", "The body is not JSON")]
    [InlineData("[]", "the body must be an object; it is an array")]
    [InlineData("""{"changes":{}}""", "'changes' must be an array; it is an object")]
    [InlineData("{}", "the body has neither 'changes' nor 'action'")]
    [InlineData("""{"action":"update"}""", "'id' must be a positive whole number")]
    [InlineData("""{"changes":[1,2,3]}""", "The body has more than 2 changes")]
    public void Body_of_another_shape_is_an_error(string body, string sentence)
    {
        var fault = Assert.Throws<SpringestWebhookException>(() => SpringestWebhook.Parse(Encoding.UTF8.GetBytes(body), maxChanges: 2));

        Assert.Contains(sentence, fault.Message, StringComparison.Ordinal);
        Assert.Equal(body.Contains("1,2,3", StringComparison.Ordinal), fault.HasTooManyChanges);
    }
}

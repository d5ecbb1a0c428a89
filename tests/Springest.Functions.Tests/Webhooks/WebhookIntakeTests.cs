using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Springest.Client;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Webhooks.Bodies;
using Springest.Functions.Webhooks.Inbox;
using Springest.Functions.Webhooks.Parsing;
using Springest.Testing;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Webhooks;

/// <summary>What the intake keeps of a webhook, and what it answers. Nothing is applied here: the budget is zero.</summary>
public sealed class WebhookIntakeTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private TestApp _app = null!;
    private WebhookDriver _webhooks = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync(azurite.Azurite, settings: new() { ["Springest:Webhooks:InlineBudget"] = "00:00:00" });
        _webhooks = new WebhookDriver(_app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_webhook_is_kept_recorded_and_put_in_the_inbox_before_it_is_answered()
    {
        var body = WebhookBodies.Changes(WebhookBodies.Import(501001), WebhookBodies.Update(700123), WebhookBodies.Destroy(700099));

        var answer = await _webhooks.PostAsync(body);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal((3, 0, 0), answer.Counts);
        var inbox = await _webhooks.InboxAsync();
        Assert.Equal(
            ["Import-0000000000000501001 Import", "Training-0000000000000700099 Destroy", "Training-0000000000000700123 Update"],
            inbox.Select(row => $"{row.RowKey} {row.GetString("Action")}"));
        Assert.All(inbox, row => Assert.Equal(TestApp.Site, row.PartitionKey));
        var delivery = Assert.Single(await _webhooks.DeliveriesAsync());
        Assert.Equal(answer.Json.GetProperty("delivery").GetString(), delivery.RowKey);
        Assert.Equal([body], await _webhooks.BodiesAsync());
    }

    [Fact]
    public async Task Twenty_webhooks_about_one_training_leave_one_row_whose_token_is_new()
    {
        var tokens = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            var answer = await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(7)));
            Assert.Equal((1, 0, 0), answer.Counts);
            tokens.Add(Assert.Single(await _webhooks.InboxAsync()).ETag.ToString());
        }

        Assert.Equal(20, tokens.Count);
        Assert.Equal(20, (await _webhooks.DeliveriesAsync()).Count);
    }

    [Fact]
    public async Task Webhooks_that_come_together_are_each_kept_and_recorded()
    {
        var bodies = Enumerable
            .Range(1, 300)
            .Select(i => WebhookBodies.Changes(WebhookBodies.Update(i % 50 + 1), WebhookBodies.Destroy(1000 + i)))
            .ToList();

        var answers = await Task.WhenAll(bodies.Select(_webhooks.PostAsync));

        Assert.All(answers, answer => Assert.Equal((2, 0, 0), answer.Counts));
        Assert.Equal(350, (await _webhooks.NamedAsync()).Count);
        Assert.Equal(300, (await _webhooks.DeliveriesAsync()).Count);
        for (var i = 0; i < 300; i += 23)
        {
            var looked = await _webhooks.SendAsync(
                HttpMethod.Get,
                $"webhooks/nl/deliveries/{answers[i].Json.GetProperty("delivery").GetString()}");
            Assert.Equal(bodies[i], looked.Json.GetProperty("body").GetRawText());
        }
    }

    [Fact]
    public async Task The_latest_delivery_is_listed_first()
    {
        var ids = new List<string?>();
        for (var i = 1; i <= 5; i++)
            ids.Add((await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(i)))).Json.GetProperty("delivery").GetString());

        Assert.Equal(Enumerable.Reverse(ids), (await _webhooks.DeliveriesAsync()).Select(row => row.RowKey));
    }

    [Fact]
    public async Task The_last_thing_said_of_an_object_counts()
    {
        var answer = await _webhooks.PostAsync(
            WebhookBodies.Changes(WebhookBodies.Update(7), WebhookBodies.Update(7), WebhookBodies.Destroy(7)));

        Assert.Equal((3, 0, 0), answer.Counts);
        Assert.Equal("Destroy", Assert.Single(await _webhooks.InboxAsync()).GetString("Action"));
    }

    [Fact]
    public async Task The_last_of_several_fields_of_one_name_counts()
    {
        var answer = await _webhooks.PostAsync(
            """
            {"changes":[],"changes":[{"action":"update","action":"destroy","object":"institute","object":"training","id":7,"id":8}],
            "x":1,"x":2}
            """);

        Assert.Equal((1, 0, 0), answer.Counts);
        var row = Assert.Single(await _webhooks.InboxAsync());
        Assert.Equal(("Training-0000000000000000008", "Destroy"), (row.RowKey, row.GetString("Action")));
    }

    [Fact]
    public async Task More_changes_than_a_transaction_holds_are_all_put_in_the_inbox()
    {
        var answer = await _webhooks.PostAsync(WebhookBodies.Changes([.. Enumerable.Range(1, 987).Select(id => WebhookBodies.Update(id))]));

        Assert.Equal((987, 0, 0), answer.Counts);
        Assert.Equal(987, (await _webhooks.InboxAsync()).Count);
    }

    [Fact]
    public async Task What_stands_for_a_body_is_not_bundled_with_others_however_small()
    {
        await Task.WhenAll(Enumerable.Range(1, 9).Select(async id =>
        {
            var delivery = DeliveryEntity.Create(TestApp.Site, WebhookFeed.Trainings, TimeProvider.System.GetUtcNow());
            var body = await WebhookBody.ReadAsync(
                new MemoryStream("{}"u8.ToArray()), new HeaderDictionary(), maxBytes: 100, _app.Get<BodyMemory>(),
                TestContext.Current.CancellationToken);
            var change = new WebhookChange(WebhookObject.Training, id, ChangeAction.Update, 1);
            var row = id % 3 == 0 ? InboxItemEntity.Bundle(delivery)
                : InboxItemEntity.For(TestApp.Site, change, delivery.RowKey, delivery.Received, objects: 1);
            await _app.Get<InboxWriter>().StoreAsync(delivery, body, [row], TestContext.Current.CancellationToken);
        }));

        Assert.Equal(
            [.. Enumerable.Repeat("Bundle", 3), .. Enumerable.Repeat("Training", 6)],
            (await _webhooks.NamedAsync()).Select(key => key.Split('-')[0]));
        Assert.Equal(
            3, (await _webhooks.InboxAsync()).Count(
                row => row.RowKey.StartsWith("Bundle-", StringComparison.Ordinal) && row.GetString("Bundled") is null));
    }

    [Fact]
    public async Task A_change_is_read_wherever_it_is_cut_in_memory()
    {
        const string change = """{"action":"update","object":"training","id":"700123","url":"http://api.springest.nl/trainings/700123"}""";

        for (var cut = 0; cut <= change.Length; cut++)
        {
            var answer = await _webhooks.PostAsync($$"""{"changes":[{{new string(' ', BodyMemory.PieceBytes - 12 - cut)}}{{change}}]}""");
            Assert.Equal((cut, (1, 0, 0)), (cut, answer.Counts));
        }

        Assert.Equal("Training-0000000000000700123", Assert.Single(await _webhooks.InboxAsync()).RowKey);
        Assert.All(await _webhooks.DeliveriesAsync(), delivery => Assert.Equal(0, delivery.GetInt32("OtherUrls")));
    }

    [Theory]
    [InlineData("create", "Update")]
    [InlineData("update", "Update")]
    [InlineData("delete", "Destroy")]
    public async Task The_format_of_2014_is_taken(string action, string expected)
    {
        var answer = await _webhooks.PostAsync(
            $$$"""{"action":"{{{action}}}","id":700123,"training":{"id":1,"action":"delete","name":"x"}}""");

        Assert.Equal((1, 0, 0), answer.Counts);
        var row = Assert.Single(await _webhooks.InboxAsync());
        Assert.Equal(("Training-0000000000000700123", expected), (row.RowKey, row.GetString("Action")));
    }

    [Fact]
    public async Task One_bad_change_does_not_refuse_the_others()
    {
        var answer = await _webhooks.PostAsync(WebhookBodies.Changes(
            "null", "7", "\"update\"", "[]", "{}", WebhookBodies.Update(1),
            """{"action":"explode","object":"training","id":2}""",
            """{"action":"update","object":"planet","id":3}""",
            """{"action":"import","object":"training","id":4}""",
            """{"action":"update","object":"training"}""",
            """{"action":{"action":"update"},"object":"training","id":5}""",
            """{"action":"update","object":"\ud800","id":6}""",
            WebhookBodies.Update(7)));

        Assert.Equal((2, 11, 0), answer.Counts);
        Assert.Equal(2, (await _webhooks.InboxAsync()).Count);
    }

    [Theory]
    [InlineData("\"700123\"", 700123L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("\"9223372036854775807\"", long.MaxValue)]
    [InlineData("9223372036854775808", null)]
    [InlineData("0", null)]
    [InlineData("-7", null)]
    [InlineData("7.5", null)]
    [InlineData("7e3", 7000L)]
    [InlineData("1e400", null)]
    [InlineData("\"\"", null)]
    [InlineData("\" 7\"", 7L)]
    [InlineData("\"-7\"", null)]
    [InlineData("\"7a\"", null)]
    [InlineData("\"../7\"", null)]
    [InlineData("true", null)]
    [InlineData("[7]", null)]
    public async Task Ids_are_positive_whole_numbers_also_as_strings(string id, long? expected)
    {
        var answer = await _webhooks.PostAsync(WebhookBodies.Changes($$"""{"action":"update","object":"training","id":{{id}} }"""));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(expected is null ? [] : [$"Training-{expected:D19}"], (await _webhooks.InboxAsync()).Select(row => row.RowKey));
    }

    public static TheoryData<string, string> Labels => new()
    {
        { "text/plain", "utf-8" },
        { "application/x-www-form-urlencoded", "utf-8" },
        { "application/json; charset=utf-16", "utf-16" },
        { "application/json", "utf-16BE" },
        { "application/json; charset=iso-8859-1", "iso-8859-1" },
        { "application/json; charset=\"windows-1252\"", "windows-1252" },
        { "application/json; charset=nonsense", "utf-8" },
        { "application/json; charset=utf-16", "utf-8" },
    };

    [Theory]
    [MemberData(nameof(Labels))]
    public async Task Any_content_type_and_charset_that_holds_json_is_taken(string contentType, string encoding)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        const string body = """{"changes":[{"action":"update","object":"training","id":7,"by":"Zoë"}]}""";

        var answer = await _webhooks.PostAsync(Encoding.GetEncoding(encoding).GetBytes(body), contentType);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal([body], await _webhooks.BodiesAsync());
    }

    [Fact]
    public async Task A_gzip_body_is_inflated()
    {
        var packed = WebhookBodies.Gzip(Encoding.UTF8.GetBytes(WebhookBodies.Changes(WebhookBodies.Update(7))));

        var answer = await _webhooks.PostAsync(packed, encoding: "gzip");

        Assert.Equal((1, 0, 0), answer.Counts);
    }

    [Fact]
    public async Task Nothing_is_acknowledged_when_storage_is_not_there()
    {
        await using var app = await StartAndTakeStorageAwayAsync();

        var answer = await new WebhookDriver(app).PostAsync(WebhookBodies.Changes(WebhookBodies.Update(7)));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
    }

    [Fact]
    public async Task The_answer_has_just_the_promised_names()
    {
        var answer = await _webhooks.PostAsync("""{"changes":[]}""");

        Assert.Equal("application/json", answer.MediaType);
        Assert.Equal(["delivery", "accepted", "ignored", "applied"], answer.Json.EnumerateObject().Select(property => property.Name));
        Assert.Equal(JsonValueKind.String, answer.Json.GetProperty("delivery").ValueKind);
    }

    private async Task<TestApp> StartAndTakeStorageAwayAsync()
    {
        await using var storage = await StorageProxy.StartAsync(azurite.Azurite, TestContext.Current.CancellationToken);
        return await _app.AnotherInstanceAsync(
            new()
            {
                ["AzureWebJobsStorage"] = storage.ConnectionString,
                ["Springest:Webhooks:StorageTimeout"] = "00:00:02",
            });
    }
}

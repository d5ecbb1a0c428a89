using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Springest.Client.Tests;

/// <summary>What is sent, against the recorded requests.</summary>
public sealed class UploadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly Action<SpringestSiteOptions> s_flat = site => site.WrapUsers = false;

    internal static Dictionary<string, (Func<SpringestClient, Task> Send, Action<SpringestSiteOptions>? Configure)> Bodies { get; } =
        new()
        {
            ["users-post"] = (client => client.SaveUserAsync(Uploads.User, Cancellation), null),
            ["users-post-flat"] = (client => client.SaveUserAsync(Uploads.User, Cancellation), s_flat),
            ["users-deactivate"] = (client => client.SaveUserAsync(new() { ExternalId = "E-1001", Active = false }, Cancellation), null),
            ["users-post-1872"] = (
                client =>
                    client.SaveUserAsync(
                        Uploads.User with
                        {
                            BusinessUnit = default,
                            CostCenterName = default,
                            EmploymentStartDate = default,
                            Approvers = new[]
                            {
                                new Approver { Email = "leiding@example.test", Label = "Manager" },
                            },
                        },
                        Cancellation),
                site => (site.WrapUsers, site.LongGenders) = (false, true)),
            ["booking-create"] = (client => client.CreateBookingAsync(700123, Uploads.Booking, Cancellation), null),
            ["starting-dateplace-create"] = (client => client.CreateStartingDatePlaceAsync(700123, Uploads.Start, Cancellation), null),
            ["starting-dateplace-create-online"] = (
                client =>
                    client.CreateStartingDatePlaceAsync(
                        700123,
                        new()
                        {
                            Date = new DateOnly(2024, 6, 4),
                            EndDate = new DateOnly(2024, 6, 5),
                            Online = true,
                        },
                        Cancellation),
                null),
            ["starting-dateplace-update"] = (
                client =>
                    client.UpdateStartingDatePlaceAsync(
                        8800001,
                        new() { AvailableNumberOfSeats = 3, GuaranteedStart = true },
                        Cancellation),
                null),
            ["review-request"] = (client => client.CreateReviewRequestAsync(Uploads.ReviewRequest, Cancellation), null),
        };

    public static TheoryData<string> Names => [.. Bodies.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_body_is_the_recorded_one(string name)
    {
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(PayloadTests.Path(name + ".json"), Cancellation));

        var sent = await SentAsync(Bodies[name].Send, Bodies[name].Configure);

        Assert.True(JsonNode.DeepEquals(expected, sent), sent?.ToJsonString());
    }

    [Fact]
    public async Task Not_set_null_and_empty_are_three_things_on_the_wire()
    {
        var sent = await SentAsync(client =>
            client.SaveUserAsync(
                new()
                {
                    Email = "a@example.test",
                    City = null,
                    PhoneNumber = "",
                    Birthdate = (DateOnly?)null,
                    Tags = Array.Empty<string>(),
                },
                Cancellation));

        Assert.Equal(
            """{"users":[{"email":"a@example.test","phone_number":"","birthdate":null,"city":null,"tags":[]}]}""",
            sent?.ToJsonString());
    }

    [Fact]
    public async Task Several_users_go_in_one_body_and_their_numbers_come_back_in_order()
    {
        await using var server = await CannedServer.StartAsync("""{"users":[{"id":"7"},{"id":5}]}""");

        var ids = await server.Client.SaveUsersAsync(
            [new() { Email = "a@example.test" }, new() { Email = "b@example.test" }],
            Cancellation);

        Assert.Equal([7, 5], ids);
    }

    [Fact]
    public async Task Where_the_site_takes_one_user_at_a_time_several_are_refused_before_anything_is_sent()
    {
        await using var server = await CannedServer.StartAsync("{}", s_flat);

        await Assert.ThrowsAsync<InvalidOperationException>(() => server.Client.SaveUsersAsync([new(), new()], Cancellation));
    }

    private static async Task<JsonNode?> SentAsync(Func<SpringestClient, Task> send, Action<SpringestSiteOptions>? configure = null)
    {
        var body = "";
        await using var server = await CannedServer.StartAsync(
            async context =>
            {
                body = await new StreamReader(context.Request.Body).ReadToEndAsync(Cancellation);
                Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(body), context.Request.ContentLength);
                context.Response.StatusCode = 201;
                await context.Response.WriteAsync("""{"id":"1"}""", Cancellation);
            },
            configure);
        await send(server.Client);
        return JsonNode.Parse(body);
    }
}

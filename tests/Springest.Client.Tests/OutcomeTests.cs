using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Springest.Client.Tests;

/// <summary>What the answer to a write means (docs/springest-api.md, section 6).</summary>
public sealed class OutcomeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, Func<SpringestClient, Task<long?>>> s_writes = new()
    {
        ["certificate"] = client => client.CreateCertificateAsync(Uploads.Certificate(), Cancellation),
        ["user"] = client => client.SaveUserAsync(Uploads.User, Cancellation),
        ["booking"] = client => client.CreateBookingAsync(1, Uploads.Booking, Cancellation),
        ["starting_dateplace"] = async client => (await client.CreateStartingDatePlaceAsync(1, Uploads.Start, Cancellation))?.Id,
    };

    public static TheoryData<string> Writes => [.. s_writes.Keys];

    [Theory]
    [InlineData(201, """{"id":9}""", 9L)]
    [InlineData(201, """{"id":"9"}""", 9L)]
    [InlineData(201, """{"name":"x","NAME":{"user":{"id":7},"id":9}}""", 9L)]
    [InlineData(201, """[{"id":9}]""", 9L)]
    [InlineData(201, "9", 9L)]
    [InlineData(201, "\"9\"", 9L)]
    [InlineData(200, """{"NAMEs":[{"id":9}],"other":{"id":7}}""", 9L)]
    [InlineData(200, """{"id":9,"errors":{"file":["is large"]}}""", 9L)]
    [InlineData(201, """{"other":{"id":7},"NAME":{"id":9}}""", 9L)]
    [InlineData(201, """{"other":{"id":7}}""", null)]
    [InlineData(201, "", null)]
    [InlineData(201, " ", null)]
    [InlineData(201, "\r\n\t", null)]
    [InlineData(204, "", null)]
    [InlineData(201, "<html><p>Created</p></html>", null)]
    [InlineData(201, """{"errors":[],"error":null}""", null)]
    [InlineData(201, """{"errors":{"file":[]}}""", null)]
    [InlineData(201, """{"NAMEs":[{"errors":[],"error":null}]}""", null)]
    [InlineData(201, """{"NAMEs":[{"id":9},{"errors":["is large"]}]}""", 9L)]
    public async Task Accepted_writes_give_the_id_of_what_was_written(int status, string body, long? id)
    {
        foreach (var (name, write) in s_writes)
        {
            await using var server = await StartAsync(status, body.Replace("NAME", name, StringComparison.Ordinal));
            // A start is a record, which a bare id is not.
            var isBare = body is "9" or "\"9\"" && name == "starting_dateplace";
            Assert.Equal(isBare ? null : id, await write(server.Client));
        }
    }

    [Theory]
    [InlineData(200, """{"errors":{"file":["is invalid"]}}""")]
    [InlineData(200, """{"error":"invalid"}""")]
    [InlineData(201, """{"errors":[["file","is invalid"]]}""")]
    [InlineData(202, """{"NAME":{"errors":["is invalid"]}}""")]
    [InlineData(201, """{"NAMEs":[{"errors":["is invalid"]}]}""")]
    [InlineData(200, """[{"errors":["is invalid"]}]""")]
    [InlineData(200, """{"id":"","errors":["is invalid"]}""")]
    [InlineData(400, """{"error":"invalid"}""")]
    [InlineData(413, "")]
    [InlineData(415, "x")]
    [InlineData(422, """{"file":["is invalid"]}""")]
    public Task Writes_that_the_API_does_not_want_are_refused(int status, string body) => FailsAsync(status, body, WriteOutcome.Refused);

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(429)]
    public Task Writes_for_which_it_is_not_the_time_wait(int status) => FailsAsync(status, """{"error":"no"}""", WriteOutcome.Waiting);

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"status":"ok"}""")]
    [InlineData(200, """{"other":{"id":7}}""")]
    [InlineData(200, """{"id":0}""")]
    [InlineData(200, """{"id":"abc"}""")]
    [InlineData(200, "<html><form action=\"/login\"/></html>")]
    [InlineData(202, """{"id":9}""")]
    [InlineData(302, "")]
    [InlineData(408, "")]
    [InlineData(409, """{"error":"exists"}""")]
    [InlineData(418, "")]
    [InlineData(500, "")]
    [InlineData(503, "maintenance")]
    public Task Everything_else_leaves_the_outcome_unknown(int status, string body) => FailsAsync(status, body, WriteOutcome.Unknown);

    [Theory]
    [InlineData(201, WriteOutcome.Unknown)]
    [InlineData(400, WriteOutcome.Refused)]
    [InlineData(401, WriteOutcome.Waiting)]
    [InlineData(429, WriteOutcome.Waiting)]
    [InlineData(500, WriteOutcome.Unknown)]
    public async Task Body_that_is_not_compressed_as_it_says_takes_nothing_from_the_status(int status, WriteOutcome outcome)
    {
        foreach (var encoding in (string[])["gzip", "br"])
        {
            await using var server = await CannedServer.StartAsync(
                context =>
                {
                    (context.Response.StatusCode, context.Response.Headers.ContentEncoding) = (status, encoding);
                    return context.Response.WriteAsync("""{"error":"no"}""");
                });

            var fault = await Assert.ThrowsAsync<SpringestException>(() =>
                server.Client.CreateCertificateAsync(Uploads.Certificate(), Cancellation));

            Assert.Equal((outcome, status < 300), (fault.Outcome, fault.Status is null));
        }
    }

    [Theory]
    [InlineData("""{"training_id":1,"url":"https://x.test/r"}""", 200)]
    [InlineData("""{"requests":[{"url":"https://x.test/r"}]}""", 201)]
    [InlineData("""{"request":{"training":{"id":1},"url":"https://x.test/r"}}""", 200)]
    public async Task Review_form_is_known_by_its_address(string body, int status)
    {
        await using var server = await StartAsync(status, body);

        Assert.Equal("https://x.test/r", (await server.Client.CreateReviewRequestAsync(Uploads.ReviewRequest, Cancellation)).Url);
    }

    [Theory]
    [InlineData(200, """{"errors":{"email":["is unknown"]}}""", WriteOutcome.Refused)]
    [InlineData(200, """{"url":"","errors":{"email":["is unknown"]}}""", WriteOutcome.Refused)]
    [InlineData(200, """{"training_id":1}""", WriteOutcome.Unknown)]
    [InlineData(200, """{"training_id":1,"url":" "}""", WriteOutcome.Unknown)]
    [InlineData(404, "", WriteOutcome.Waiting)]
    public async Task Review_form_without_address_is_a_failure(int status, string body, WriteOutcome outcome)
    {
        await using var server = await StartAsync(status, body);

        var fault = await Assert.ThrowsAsync<SpringestException>(() =>
            server.Client.CreateReviewRequestAsync(Uploads.ReviewRequest, Cancellation));

        Assert.Equal(outcome, fault.Outcome);
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "\n")]
    [InlineData(200, """{"errors":[]}""")]
    [InlineData(200, """{"errors":null,"error":{}}""")]
    [InlineData(201, """{"id":"123"}""")]
    [InlineData(204, "")]
    public async Task Cancelling_needs_no_answer(int status, string body)
    {
        await using var server = await StartAsync(status, body);

        await server.Client.CancelBookingAsync(1, 2, Cancellation);
    }

    [Theory]
    [InlineData(200, """{"error":"te laat"}""", WriteOutcome.Refused)]
    [InlineData(200, "<html><form/></html>", WriteOutcome.Unknown)]
    [InlineData(404, """{"error":"Not found"}""", WriteOutcome.Waiting)]
    public async Task Cancelling_that_failed_says_so(int status, string body, WriteOutcome outcome)
    {
        await using var server = await StartAsync(status, body);

        Assert.Equal(outcome, (await Assert.ThrowsAsync<SpringestException>(() => server.Client.CancelBookingAsync(1, 2, Cancellation)))
            .Outcome);
    }

    [Theory]
    [InlineData("200", 200, "", true)]
    [InlineData("202:id", 202, """{"id":9}""", true)]
    [InlineData("202:id", 202, "", false)]
    [InlineData("202:id", 201, "", false)]
    public async Task Setting_names_what_counts_as_accepted(string setting, int status, string body, bool accepted)
    {
        await using var server = await StartAsync(status, body, site => site.AcceptedStatuses = setting);

        var failure = await Record.ExceptionAsync(() => server.Client.CreateCertificateAsync(Uploads.Certificate(), Cancellation));

        Assert.Equal(accepted, failure is null);
        Assert.Equal(accepted ? null : WriteOutcome.Unknown, (failure as SpringestException)?.Outcome);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Write_that_was_never_sent_waits(string name)
    {
        await using var services = Api.Services(new Uri("http://127.0.0.1:9"), site => site.Retries = 0);
        var unreachable = services.GetRequiredService<SpringestClient>();

        Assert.Equal(WriteOutcome.Waiting, (await Assert.ThrowsAsync<SpringestException>(() => s_writes[name](unreachable))).Outcome);
    }

    private static async Task FailsAsync(int status, string body, WriteOutcome outcome)
    {
        foreach (var (name, write) in s_writes)
        {
            await using var server = await StartAsync(status, body.Replace("NAME", name, StringComparison.Ordinal));

            var fault = await Assert.ThrowsAsync<SpringestException>(() => write(server.Client));

            Assert.Equal(((WriteOutcome?)outcome, (HttpStatusCode?)status), (fault.Outcome, fault.Status));
            Assert.DoesNotContain("invalid", fault.Message, StringComparison.Ordinal);
        }
    }

    private static Task<CannedServer> StartAsync(int status, string body, Action<SpringestSiteOptions>? configure = null)
        => CannedServer.StartAsync(
            context =>
            {
                context.Response.StatusCode = status;
                return status == StatusCodes.Status204NoContent ? Task.CompletedTask
                    : context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
            },
            site =>
            {
                (site.Retries, site.BreakDuration) = (0, TimeSpan.Zero);
                configure?.Invoke(site);
            });
}

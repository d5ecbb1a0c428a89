using System.Net;

namespace Springest.Client.Tests;

/// <summary>Errors in all known shapes (docs/springest-api.md, section 6), and in others.</summary>
public sealed class ErrorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, int, string> Bodies { get; } = new()
    {
        { "error-401.json", 401, " Unauthorized" },
        { "error-403.json", 403, " Forbidden" },
        { "error-403.xml", 403, " Forbidden" },
        { "error-404.json", 404, " Not found" },
        { "error-429.json", 429, " Rate limit exceeded" },
        { "error-500.json", 500, " Internal server error" },
        { "booking-400-fields.json", 400, "last_name is required|email should be an email address" },
        { "booking-400-type.json", 400, "conversion_type not allowed" },
        { "certificate-400.json", 400, "valid_until is required|file is required" },
        { "users-400.json", 400, "approvers onbekend@example.test does not exist|gender does not have a valid value" },
        { "review-request-400.json", 400, "email ontbreekt|last_name ontbreekt" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task The_servers_messages_are_read(string file, int status, string messages)
    {
        var fault = await FaultAsync(status, await File.ReadAllTextAsync(PayloadTests.Path(file), Cancellation));

        Assert.Equal(messages.Split('|'), Messages(fault));
        Assert.Equal((HttpStatusCode)status, fault.Status);
        // Whom the server names is for the caller to know, not for logs and traces.
        Assert.Contains($"{status}", fault.Message);
        foreach (var (field, texts) in fault.Errors)
        {
            Assert.Contains(field, fault.Message);
            // But for those that say no more than the status does.
            Assert.DoesNotContain(texts, text => text is not ("Unauthorized" or "Forbidden")
                && fault.Message.Contains(text, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("<response><error>Forbidden</error></response>", " Forbidden")]
    [InlineData("<hash><error><message>Forbidden</message></error></hash>", " Forbidden")]
    [InlineData("<error><first-name type=\"array\"><first-name>is required</first-name></first-name></error>", "first_name is required")]
    [InlineData("""{"error":["one","two"]}""", " one| two")]
    [InlineData("""{"errors":{"email":{"a":["b"]}}}""", """email {"a":["b"]}""")]
    [InlineData("""{"error":{"message":["is too long"]}}""", "message is too long")]
    [InlineData("""{"error":"requests[a] mag niet, of toch, requests[b] ook niet"}""", "a mag niet, of toch|b ook niet")]
    [InlineData("""{"error":"see requests[a] above"}""", " see requests[a] above")]
    [InlineData("""{"error":null}""", "")]
    [InlineData("""{"error":"\ud800"}""", "")]
    [InlineData("""{"error":""", "")]
    [InlineData("<html><body>Bad gateway</body></html>", "")]
    [InlineData("<!DOCTYPE html><html><p>&nbsp;</html>", "")]
    [InlineData("", "")]
    [InlineData("""[["email","is al bekend"],["city",["mag niet","leeg zijn"]]]""", "email is al bekend|city mag niet|city leeg zijn")]
    [InlineData("""["email","is al bekend"]""", " email| is al bekend")]
    [InlineData("""{"email":["is required"],"city":"is required"}""", "email is required|city is required")]
    [InlineData("""{"error":{"message":"is required","email":"is required"}}""", " is required|email is required")]
    [InlineData(
        """{"errors":[{"field":"email","message":"is required"},{"attribute":"city","detail":["a","b"]}]}""",
        "email is required|city a|city b"
    )]
    [InlineData("\"Forbidden\"", " Forbidden")]
    [InlineData("Rate limit exceeded", " Rate limit exceeded")]
    [InlineData("\r\n <?xml version=\"1.0\"?><errors><error>a</error><error>b</error></errors>", "error a|error b")]
    [InlineData("requests[email] ontbreekt, requests[first_name] ontbreekt", "email ontbreekt|first_name ontbreekt")]
    public async Task Unusual_bodies_are_read_as_far_as_they_go(string body, string messages)
    {
        var fault = await FaultAsync(400, body);

        Assert.Equal(messages, string.Join('|', Messages(fault)));
        Assert.Equal(body.TrimStart(), fault.Excerpt);
    }

    [Theory]
    [InlineData(
        """{"error":{"Jan Jansen":["is known"],"email":["belongs to Jan Jansen, 06-12345678"]}}""",
        "answered 400 Bad Request and names email (request "
    )]
    [InlineData("""{"error":{"email\n":["Jan Jansen"]}}""", "answered 400 Bad Request (request ")]
    [InlineData("""{"error":"Jan Jansen, jan%40jansen.example"}""", "answered 400 Bad Request (request ")]
    public async Task The_sentence_never_repeats_the_servers_words(string body, string sentence)
    {
        var fault = await FaultAsync(400, body);

        Assert.Contains(sentence, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("jan", fault.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_excerpt_is_at_most_2_KB()
    {
        var fault = await FaultAsync(400, new string('é', 40_000));

        Assert.Equal(new string('é', 1024), fault.Excerpt);
    }

    [Theory]
    [InlineData("<html><body>Please log in</body></html>")]
    [InlineData("<!DOCTYPE html>")]
    [InlineData("Please log in")]
    [InlineData("""{"error":"Unauthorized"}""")]
    [InlineData("""{"meta":{"results":3}}""")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("")]
    public async Task An_answer_of_success_without_a_list_is_an_error_and_never_an_empty_list(string body)
    {
        foreach (var format in new[] { SpringestFormat.Json, SpringestFormat.Xml })
        {
            await using var server = await CannedServer.StartAsync(body, site => site.Format = format);

            var fault = await Assert.ThrowsAsync<SpringestException>(() => server.Client.ListTrainings().ToListAsync(Cancellation)
                .AsTask());

            Assert.Equal(body, fault.Excerpt);
            Assert.False(fault.IsTransient);
        }
    }

    [Theory]
    [InlineData("<html><body>Please log in</body></html>")]
    [InlineData("""{"status":"ok"}""")]
    [InlineData("""{"id":""")]
    public async Task After_a_write_such_an_answer_leaves_the_outcome_open(string body)
    {
        await using var server = await CannedServer.StartAsync(body);

        var fault = await Assert.ThrowsAsync<SpringestException>(() =>
            server.Client.CreateCertificateAsync(Uploads.Certificate(), Cancellation));

        Assert.True(fault.OutcomeUnknown);
    }

    private static IEnumerable<string> Messages(SpringestException fault)
        => fault.Errors.SelectMany(field => field.Value.Select(text => $"{field.Key} {text}"));

    private static async Task<SpringestException> FaultAsync(int status, string body)
    {
        await using var server = await CannedServer.StartAsync(
            context =>
            {
                context.Response.StatusCode = status;
                return context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body)).AsTask();
            },
            site => site.Retries = 0);
        return await Assert.ThrowsAsync<SpringestException>(() => server.Client.GetTrainingAsync(1, Cancellation));
    }
}

using System.IO.Compression;
using System.Text;

namespace Springest.Client.Tests;

/// <summary>The wrappings in which records may come (docs/springest-api.md, section 4), and answers that are too much.</summary>
public sealed class AnswerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"meta":{"results":2},"subjects":[{"id":1},{"id":2}]}""", 2L)]
    [InlineData("""{"subjects":[{"id":1},{"id":2}],"meta":{"offset":0,"results":"2","filters":[{"a":[1]}]}}""", 2L)]
    [InlineData("""{"meta":{"count":2},"subjects":[{"id":1},{"id":2}]}""", 2L)]
    [InlineData("""{"meta":{"count":9,"results":2},"subjects":[{"id":1},{"id":2}]}""", 2L)]
    [InlineData("""{"meta":{"results":2},"onderwerpen":[{"id":1},{"id":2}]}""", 2L)]
    [InlineData("""{"subjects":[{"id":1},null,{"id":2}]}""", null)]
    [InlineData("""[{"id":1},{"id":2}]""", null)]
    [InlineData("""{"subjects":{"subject":{"id":1},"subject":{"id":2}}}""", null)]
    [InlineData("\uFEFF  [{\"id\":1},{\"id\":2}] \r\n", null)]
    public async Task Lists_are_read_in_every_wrapping(string body, long? total)
    {
        await using var server = await CannedServer.StartAsync(body);

        var page = await server.Client.ListSubjects().AsPages().FirstAsync(Cancellation);

        Assert.Equal([1, 2], page.Items.Select(subject => subject.Id));
        Assert.Equal(total, page.Total);
    }

    [Theory]
    [InlineData("""{"meta":{"results":1},"institutes":[{"id":7,"name":"A"}]}""")]
    [InlineData("""{"institutes":{"id":7,"name":"A"}}""")]
    [InlineData("""{"institute":{"id":7,"name":"A"}}""")]
    [InlineData("""{"id":7,"name":"A"}""")]
    [InlineData("""{"name":"A","lists":[{"id":1}],"id":"7"}""")]
    [InlineData("""[{"id":7,"name":"A"}]""")]
    public async Task Single_records_are_read_in_every_wrapping(string body)
    {
        await using var server = await CannedServer.StartAsync(body);

        var institute = await server.Client.GetInstituteAsync(7, Cancellation);

        Assert.Equal((7, "A"), (institute.Id, institute.Name));
    }

    [Theory]
    [InlineData("""{"meta":{"results":0},"institutes":[]}""")]
    [InlineData("""{"meta":{"results":0}}""")]
    [InlineData("""{"errors":[],"meta":{"results":0},"institutes":[],"error":""}""")]
    [InlineData("""{"error":{},"errors":null,"meta":{"results":0}}""")]
    [InlineData("""[]""")]
    public async Task No_record_where_one_was_asked_for_is_404(string body)
    {
        await using var server = await CannedServer.StartAsync(body);

        var fault = await Assert.ThrowsAsync<SpringestException>(() => server.Client.GetInstituteAsync(7, Cancellation));

        Assert.Equal(System.Net.HttpStatusCode.NotFound, fault.Status);
        Assert.Null(await server.Client.GetRawAsync("institutes/7", cancellationToken: Cancellation));
    }

    [Theory]
    [InlineData("""{"meta":{"results":0},"error":"search is not available"}""")]
    [InlineData("""{"meta":{"results":0},"institutes":[],"errors":{"base":["search is not available"]}}""")]
    [InlineData("""{"error":{"base":["search is not available"]}}""")]
    public async Task An_error_beside_no_record_is_an_error(string body)
    {
        await using var server = await CannedServer.StartAsync(body);

        var faults = new[]
        {
            await Assert.ThrowsAsync<SpringestException>(() => server.Client.GetRawAsync("institutes/7", cancellationToken: Cancellation)),
            await Assert.ThrowsAsync<SpringestException>(() => server.Client.ListRaw("institutes").ToListAsync(Cancellation).AsTask()),
        };

        Assert.All(faults, fault => Assert.Contains("It holds an error", fault.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_ignores_offsets_and_gives_no_total_ends_nevertheless()
    {
        await using var server = await CannedServer.StartAsync("""[{"id":1},{"id":2}]""");

        Assert.Equal([1, 2], await server.Client.ListSubjects().Select(subject => subject.Id).ToListAsync(Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_over_the_limit_is_refused_while_it_comes(bool compressed)
    {
        long sent = 0;
        await using var server = await CannedServer.StartAsync(
            async context =>
            {
                context.Response.Headers.ContentEncoding = compressed ? "gzip" : "identity";
                await using var body = compressed ? new GZipStream(context.Response.Body, CompressionLevel.Fastest) : context.Response.Body;
                var blank = Encoding.ASCII.GetBytes(new string(' ', 64 * 1024));
                for (; sent < 1L << 34 && !context.RequestAborted.IsCancellationRequested; sent += blank.Length)
                    await body.WriteAsync(blank, context.RequestAborted);
            },
            site => site.MaxAnswerBytes = 1 << 20);

        var fault = await Assert.ThrowsAsync<SpringestException>(() => server.Client.GetTrainingAsync(1, Cancellation));

        Assert.Contains("larger than 1048576 bytes", fault.Message);
        Assert.False(fault.IsTransient);
    }

    [Fact]
    public async Task An_answer_of_exactly_the_limit_is_read()
    {
        var body = """[{"id":1}]""".PadRight(1 << 16);
        await using var server = await CannedServer.StartAsync(body, site => site.MaxAnswerBytes = 1 << 16);

        Assert.Equal(1, (await server.Client.GetTrainingAsync(1, Cancellation)).Id);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        var requests = 0;
        await using var server = await CannedServer.StartAsync(context =>
        {
            requests++;
            context.Response.Redirect("https://elsewhere.test/trainings/1.json?api_key=canary");
            return Task.CompletedTask;
        });

        var fault = await Assert.ThrowsAsync<SpringestException>(() => server.Client.GetTrainingAsync(1, Cancellation));

        Assert.Contains("302 Found to elsewhere.test, which is not followed", fault.Message);
        Assert.DoesNotContain("canary", fault.ToString());
        Assert.Equal(1, requests);
    }
}

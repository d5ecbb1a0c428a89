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
    [InlineData("""{"subjects":{"0":{"category":{"id":9},"id":1},"1":{"id":2}}}""", null)]
    [InlineData("""{"links":{"next":"x"},"filters":[],"onderwerpen":[{"id":1},{"id":2}]}""", null)]
    [InlineData("""{"meta":{"results":"2.000"},"subjects":[{"id":1},{"id":2}]}""", null)]
    [InlineData("""{"meta":{"results":2.0},"subjects":[{"id":1},{"id":2}]}""", null)]
    [InlineData("""{"meta":{"results":-1},"subjects":[{"id":1},{"id":2}]}""", null)]
    [InlineData("""{"meta":{"results":true,"count":"2"},"subjects":[{"id":1},{"id":2}]}""", 2L)]
    [InlineData("""{"meta":{"results":{"value":2}},"subjects":[{"id":1},{"id":2}]}""", null)]
    [InlineData("""{"meta":{"results":"ongeveer 2"},"subjects":[{"id":1},{"id":2}]}""", null)]
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
    [InlineData("""{"meta":{"results":1},"institutes":{"country":{"id":1},"id":7,"name":"A"}}""")]
    [InlineData("""{"institute":{"country":{"id":1,"name":"NL"},"name":"A","id":7}}""")]
    [InlineData("""{"country":{"id":1,"name":"NL"},"id":7,"name":"A"}""")]
    [InlineData("""{"institutes":[{"id":3,"name":"B"},{"id":7,"name":"A"}]}""")]
    public async Task Single_records_are_read_in_every_wrapping(string body)
    {
        await using var server = await CannedServer.StartAsync(body);

        var institute = await server.Client.GetInstituteAsync(7, Cancellation);

        Assert.Equal((7, "A"), (institute.Id, institute.Name));
        Assert.Equal(7, (await server.Client.GetRawAsync("institutes/7", cancellationToken: Cancellation))!.Id);
    }

    [Theory]
    [InlineData("""{"institutes":[{"id":8}]}""")]
    [InlineData("""{"country":{"id":1}}""")]
    [InlineData("""{"id":"8"}""")]
    public async Task Another_record_than_was_asked_for_is_an_error(string body)
    {
        await using var server = await CannedServer.StartAsync(body);

        await Assert.ThrowsAsync<SpringestException>(() => server.Client.GetInstituteAsync(7, Cancellation));
        await Assert.ThrowsAsync<SpringestException>(() => server.Client.GetRawAsync("institutes/7", cancellationToken: Cancellation));
    }

    /// <summary>That would be as good as a 404, and what is gone may be deleted.</summary>
    [Theory]
    [InlineData("""{"meta":{"results":1},"institutes":[]}""")]
    [InlineData("""{"meta":{"count":"1"},"institutes":null}""")]
    [InlineData("""{"meta":{"results":1},"notices":[]}""")]
    [InlineData("""{"institutes":[null]}""")]
    public async Task No_record_beside_a_sign_of_one_is_not_404(string body)
    {
        await using var server = await CannedServer.StartAsync(body);

        var faults = new[]
        {
            await Assert.ThrowsAsync<SpringestException>(() => server.Client.GetInstituteAsync(7, Cancellation)),
            await Assert.ThrowsAsync<SpringestException>(() => server.Client.GetRawAsync("institutes/7", cancellationToken: Cancellation)),
        };

        Assert.All(faults, fault => Assert.Equal(System.Net.HttpStatusCode.OK, fault.Status));
    }

    [Theory]
    [InlineData("""{"meta":{"results":24},"institutes":[]}""")]
    [InlineData("""{"meta":{"results":24},"instellingen":[]}""")]
    public async Task List_is_empty_past_its_end_whatever_its_total(string body)
    {
        await using var server = await CannedServer.StartAsync(body);
        var options = new ListOptions { Offset = 24 };

        Assert.Empty(await server.Client.ListInstitutes(options: options).ToListAsync(Cancellation));
        Assert.Empty(await server.Client.ListRaw("institutes", options: options).ToListAsync(Cancellation));
    }

    [Theory]
    [InlineData("""{"certifications":{}}""")]
    [InlineData("""{"certifications":null,"meta":{}}""")]
    [InlineData("""{"meta":{"results":0},"certifications":{}}""")]
    [InlineData("""{"meta":{"results":0},"certificaten":[]}""")]
    public async Task Empty_list_is_asked_for_once(string body)
    {
        var requests = 0;
        await using var server = await CannedServer.StartAsync(context =>
        {
            requests++;
            return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body)).AsTask();
        });

        Assert.Empty(await server.Client.ListCertifications().ToListAsync(Cancellation));
        Assert.Empty(await server.Client.ListRaw("certifications").ToListAsync(Cancellation));
        Assert.Equal(2, requests);
    }

    [Theory]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"id":"abc"}""")]
    [InlineData("""{"id":1.5,"name":"x"}""")]
    [InlineData("\"geen\"")]
    [InlineData("[1]")]
    [InlineData("""{"id":7,"\ud800":1}""")]
    public async Task Record_that_cannot_be_read_is_skipped_and_told_of(string record)
    {
        await using var server = await CannedServer.StartAsync($$"""{"meta":{"results":3},"subjects":[{"id":1},{{record}},{"id":2}]}""");

        var page = await server.Client.ListSubjects().AsPages().SingleAsync(Cancellation);

        Assert.Equal([1, 2], page.Items.Select(subject => subject.Id));
        var skipped = Assert.Single(page.Skipped);
        Assert.Equal((1, record), (skipped.Position, Encoding.UTF8.GetString(skipped.Json.Span)));
        Assert.Contains(server.Log.Lines, line => line.Contains("has no readable record at 1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""[{"id":1},{"id":2}]""")]
    [InlineData("""[{"id":1}]""", """[{"id":2}]""")]
    [InlineData("""[{"id":1},{"name":"x"}]""", """{"0":{"id":1},"1":{"name":"y"}}""")]
    public async Task List_with_a_total_that_repeats_pages_ends_with_an_error(params string[] pages)
    {
        var requests = 0;
        await using var server = await CannedServer.StartAsync(context => context.Response.Body.WriteAsync(
            Encoding.UTF8.GetBytes($$"""{"meta":{"results":1000000},"subjects":{{pages[requests++ % pages.Length]}}}""")).AsTask());

        var fault = await Assert.ThrowsAsync<SpringestException>(() => server.Client.ListSubjects().ToListAsync(Cancellation).AsTask());

        Assert.StartsWith(
            "GET /subjects.json of site 'nl' gave a list that does not end: 10 pages in a row, up to ", fault.Message,
            StringComparison.Ordinal);
        Assert.Contains("held nothing new", fault.Message, StringComparison.Ordinal);
        Assert.Equal("GET /subjects.json", fault.Endpoint);
        Assert.True(fault.IsTransient);
        Assert.InRange(requests, 2, 20);
    }

    [Theory]
    [InlineData("\"24.000\"")]
    [InlineData("2.4e1")]
    [InlineData("10")]
    [InlineData("null")]
    public async Task List_with_an_odd_total_is_read_to_its_end(string total)
    {
        await using var server = await CannedServer.StartAsync(context =>
        {
            var offset = int.Parse(context.Request.Query["offset"]!, System.Globalization.CultureInfo.InvariantCulture);
            // One of the second page is nothing, which makes that page no shorter.
            var items = Enumerable.Range(offset + 1, 100).Where(id => id <= 100).Take(30)
                .Select(id => id == 45 ? "null" : $$"""{"id":{{id}}}""");
            return context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(
                $$"""{"meta":{"results":{{total}}},"subjects":[{{string.Join(',', items)}}]}""")).AsTask();
        });

        var ids = Enumerable.Range(1, 100).Where(id => id != 45).Select(id => (long)id).ToList();
        Assert.Equal(ids, await server.Client.ListSubjects().Select(subject => subject.Id).ToListAsync(Cancellation));
        Assert.Equal(ids, await server.Client.ListRaw("subjects").Select(subject => subject.Id!.Value).ToListAsync(Cancellation));
    }

    public static TheoryData<string, string, byte[]> Charsets
        => new()
        {
            { "application/json; charset=iso-8859-1", "json", Encoding.Latin1.GetBytes("""[{"id":1,"name":"café"}]""") },
            { "application/json; charset=\"windows-1252\"", "json", Encoding.Latin1.GetBytes("""[{"id":1,"name":"café"}]""") },
            { "application/json; charset=iso-8859-1", "json", Encoding.UTF8.GetBytes("""[{"id":1,"name":"café"}]""") },
            { "application/json", "json", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("""[{"id":1,"name":"café"}]""")] },
            { "application/json; charset=utf-16", "json", Encoding.Unicode.GetBytes("""[{"id":1,"name":"café"}]""") },
            {
                "application/xml",
                "xml",
                Encoding.UTF8.GetBytes(
                    "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><subjects "
                        + "type=\"array\"><subject><id>1</id><name>café</name></subject></subjects>")
            },
            {
                "application/xml",
                "xml",
                Encoding.Latin1.GetBytes(
                    "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><subjects "
                        + "type=\"array\"><subject><id>1</id><name>café</name></subject></subjects>")
            },
            {
                "application/xml; charset=latin1",
                "xml",
                Encoding.Latin1.GetBytes("<subjects type=\"array\"><subject><id>1</id><name>café</name></subject></subjects>")
            },
            {
                "text/xml",
                "xml",
                [
                    .. Encoding.BigEndianUnicode.Preamble,
                    .. Encoding.BigEndianUnicode.GetBytes(
                        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><subjects "
                            + "type=\"array\"><subject><id>1</id><name>café</name></subject></subjects>"),
                ]
            },
        };

    [Theory]
    [MemberData(nameof(Charsets))]
    public async Task Character_set_is_heeded_and_UTF_8_never_garbled(string contentType, string format, byte[] body)
    {
        await using var server = await CannedServer.StartAsync(
            context =>
            {
                context.Response.ContentType = contentType;
                return context.Response.Body.WriteAsync(body).AsTask();
            },
            site => site.Format = format == "xml" ? SpringestFormat.Xml : SpringestFormat.Json);

        Assert.Equal("café", (await server.Client.ListSubjects().FirstAsync(Cancellation)).Name);
    }

    [Theory]
    [InlineData("application/json", "it is not UTF-8")]
    [InlineData("application/json; charset=utf-8", "it is not UTF-8")]
    [InlineData("application/json; charset=klingon", "its character set is not known")]
    public async Task Bytes_in_an_unknown_character_set_are_an_error(string contentType, string sentence)
    {
        await using var server = await CannedServer.StartAsync(context =>
        {
            context.Response.ContentType = contentType;
            return context.Response.Body.WriteAsync(Encoding.Latin1.GetBytes("""[{"id":1,"name":"café"}]""")).AsTask();
        });

        var fault = await Assert.ThrowsAsync<SpringestException>(() => server.Client.ListSubjects().FirstAsync(Cancellation).AsTask());

        Assert.Contains(sentence, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"results":{"subjects":null}}""")]
    [InlineData("""{"results":{}}""")]
    [InlineData("""{"results":null}""")]
    [InlineData("""{"results":{"subjects":""}}""")]
    [InlineData("""{"results":[]}""")]
    public async Task No_suggestions_are_empty_groups(string body)
    {
        await using var server = await CannedServer.StartAsync(body);

        Assert.Empty((await server.Client.AutocompleteAsync("x", Cancellation))["subjects"]);
    }

    [Fact]
    public async Task Odd_value_of_a_suggestion_is_kept_as_sent()
    {
        await using var server = await CannedServer.StartAsync("""{"results":{"subjects":[{"id":1,"name":{"nl":"Plannen"}}]}}""");

        var suggestion = Assert.Single((await server.Client.AutocompleteAsync("x", Cancellation))["subjects"]);

        Assert.Equal(1, suggestion.Id);
        Assert.Null(suggestion.Name);
        Assert.Equal("""{"nl":"Plannen"}""", suggestion.OtherFields!["name"].GetRawText());
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

        Assert.All(faults, fault => Assert.Contains("it holds an error", fault.Message, StringComparison.Ordinal));
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

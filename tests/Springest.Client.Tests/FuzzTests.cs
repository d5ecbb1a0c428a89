using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Springest.Client.Tests;

/// <summary>
/// Answers that no one should send: each ends in records or in a <see cref="SpringestException"/>, soon and without much memory.
/// A failure prints its seed; SPRINGEST_FUZZ_SEED=seed runs it again.
/// </summary>
[Collection(nameof(Alone))]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const long Memory = 64 * 1024 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Monsters => [.. MonsterBodies().Keys];

    [Theory]
    [InlineData(SpringestFormat.Json, 300)]
    [InlineData(SpringestFormat.Xml, 300)]
    public async Task Mutated_answers_are_records_or_faults(SpringestFormat format, int cases)
    {
        var samples = Directory.GetFiles(PayloadTests.Path(""), format == SpringestFormat.Json ? "*.json" : "*.xml").Order()
            .Select(File.ReadAllBytes).ToArray();
        var seeds = Environment.GetEnvironmentVariable("SPRINGEST_FUZZ_SEED") is { } seed ? [int.Parse(seed)]
            : Enumerable.Range(Random.Shared.Next(), cases);
        byte[] body = [];
        await using var server = await CannedServer.StartAsync(
            context => context.Response.Body.WriteAsync(body)
                .AsTask(), site => (site.Format, site.BreakDuration) = (format, TimeSpan.Zero));

        foreach (var one in seeds)
        {
            var random = new Random(one);
            body = Mutate(samples[random.Next(samples.Length)], random);
            try
            {
                await ReadAsync(server.Client, random.Next(6));
            }
            catch (SpringestException)
            {
                // As good as a record.
            }
            catch (Exception e)
            {
                output.WriteLine($"Seed {one}: {e}\n{Encoding.UTF8.GetString(body)}");
                throw;
            }
        }
    }

    /// <summary>SPRINGEST_FUZZ_CASES=100000 reads as many lists in each format.</summary>
    [Theory]
    [InlineData(SpringestFormat.Json)]
    [InlineData(SpringestFormat.Xml)]
    public async Task Lists_in_any_shape_lose_no_record_and_name_no_other(SpringestFormat format)
    {
        var cases = int.Parse(Environment.GetEnvironmentVariable("SPRINGEST_FUZZ_CASES") ?? "3000", CultureInfo.InvariantCulture);
        var seeds = Environment.GetEnvironmentVariable("SPRINGEST_FUZZ_SEED") is { } seed
            ? [int.Parse(seed, CultureInfo.InvariantCulture)]
            : Enumerable.Range(Random.Shared.Next(), cases);
        var answers = new GeneratedAnswers();
        await using var services = Api.Services(
            new Uri("http://127.0.0.1:9"), site => (site.Format, site.Retries, site.BreakDuration) = (format, 0, TimeSpan.Zero),
            more => more.AddHttpClient("Springest.nl").AddHttpMessageHandler(() => answers));
        var client = services.GetRequiredService<SpringestClient>();

        foreach (var one in seeds)
        {
            var generator = answers.Source = new AnswerGenerator(one).Fill();
            var ids = generator.List.OfType<long>().ToList();
            try
            {
                var list = await client.ListTrainings(options: new ListOptions { PageSize = 3 }).AsPages().ToListAsync(Cancellation);
                var raw = await client.ListRaw("trainings", options: new ListOptions { PageSize = 3 }).ToListAsync(Cancellation);

                Assert.Equal(ids, list.SelectMany(page => page.Items).Select(training => training.Id).Distinct());
                Assert.Equal(ids, raw.Select(record => record.Id).OfType<long>().Distinct());
                Assert.All(list.SelectMany(page => page.Items), training => Assert.NotEmpty(training.ToJson()));
            }
            catch (Exception e)
            {
                output.WriteLine($"Seed {one}: {e}\n{Encoding.UTF8.GetString(answers.Last)}");
                throw;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Monsters))]
    public async Task Monsters_take_little_time_and_memory(string name)
    {
        var (send, format) = MonsterBodies()[name];
        await using var server = await CannedServer.StartAsync(
            context => send(context), site => (site.Format, site.Retries) = (format, 0));
        using var memory = new PeakMemory();
        var before = Environment.CpuUsage.TotalTime;

        try
        {
            await server.Client.ListTrainings().AsPages().FirstAsync(Cancellation);
        }
        catch (SpringestException e)
        {
            output.WriteLine(e.Message);
        }

        var took = Environment.CpuUsage.TotalTime - before;
        output.WriteLine($"{took} of processor, {memory.Peak >> 20} MB");
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.InRange(memory.Peak, 0, Memory);
    }

    private static async Task ReadAsync(SpringestClient client, int kind)
    {
        switch (kind)
        {
            case 0: await client.ListTrainings().AsPages().FirstAsync(Cancellation); break;
            case 1: await client.GetTrainingAsync(1, Cancellation); break;
            case 2: await client.ListBookings().AsPages().FirstAsync(Cancellation); break;
            case 3: await client.SaveUserAsync(Uploads.User, Cancellation); break;
            case 4: await client.AutocompleteAsync("x", Cancellation); break;
            default:
                await foreach (var page in client.ListRaw("trainings").AsPages().WithCancellation(Cancellation))
                {
                    Assert.All(page.Items, item => _ = item.Id);
                    break;
                }
                break;
        }
    }

    private static byte[] Mutate(byte[] sample, Random random)
    {
        var body = new List<byte>(sample);
        for (var times = random.Next(1, 4); times > 0 && body.Count > 0; times--)
        {
            var at = random.Next(body.Count);
            switch (random.Next(8))
            {
                case 0: body.RemoveRange(at, body.Count - at); break;
                case 1: body[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: body.RemoveRange(at, random.Next(Math.Min(40, body.Count - at))); break;
                case 3: body.InsertRange(at, body.GetRange(at, random.Next(Math.Min(400, body.Count - at)))); break;
                case 4: body.InsertRange(at, Oddity(random)); break;
                case 5: body.InsertRange(0, "\uFEFF"u8); break;
                case 6: ReplaceValue(body, at, Oddity(random)); break;
                default: body.InsertRange(at, Enumerable.Range(0, random.Next(9)).Select(_ => (byte)random.Next(256))); break;
            }
        }
        return [.. body];
    }

    /// <summary>Puts something else where a value stands, so that the whole stays well formed.</summary>
    private static void ReplaceValue(List<byte> body, int at, byte[] value)
    {
        var colon = body.IndexOf((byte)':', at);
        var end = colon < 0 ? -1 : body.FindIndex(colon, b => b is (byte)',' or (byte)'\n');
        if (end < 0)
            return;
        body.RemoveRange(colon + 1, end - colon - 1);
        body.InsertRange(colon + 1, value);
    }

    private static byte[] Oddity(Random random)
    {
        string[] oddities =
        [
            "1e400", "-0", "null", "\"\"", "[]", "{}", "{\"id\":{}}", "\"\\ud800\"", "\"\\u0000\"", "99999999999999999999",
                "\"a\",\"id\":1,\"id\":\"2\"",
            "[[[[[[[[[[[]]]]]]]]]]]", "true", "&", "&#xD800;", "&euro;", "<a/>", "]]>", "<![CDATA[", "<!--", "\0", "{\"error\":1}",
                "\"9999-12-31T23:59:59-14:00\"",
            "\"0001-01-01\"", "\"0001-01-01 00:00:00\"", "<!DOCTYPE a>", " nil=\"true\"", " type=\"array\"", " type=\"integer\"",
        ];
        return Encoding.UTF8.GetBytes(oddities[random.Next(oddities.Length)]);
    }

    private static Dictionary<string, (Func<HttpContext, Task> Send, SpringestFormat Format)> MonsterBodies()
    {
        const SpringestFormat Json = SpringestFormat.Json, Xml = SpringestFormat.Xml;
        return new()
        {
            ["65 arrays deep"] = (Text("{\"trainings\":[{\"id\":1,\"x\":" + new string('[', 65) + new string(']', 65) + "}]}"), Json),
            ["100,000 arrays deep"] =
                (Text("{\"trainings\":[{\"id\":1,\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}]}"), Json),
            ["100,000 objects deep"] = (Text(string.Concat(Enumerable.Repeat("{\"a\":", 100_000))), Json),
            ["65 elements deep"] = (Text(string.Concat(Enumerable.Repeat("<a>", 65)) + string.Concat(Enumerable.Repeat("</a>", 65))), Xml),
            ["100,000 elements deep"] = (Text(string.Concat(Enumerable.Repeat("<a>", 100_000))), Xml),
            ["100,000 skipped elements deep"] = (Text("<r><x nil=\"true\">" + string.Concat(Enumerable.Repeat("<a>", 100_000))), Xml),
            ["100,000 same keys"] =
                (Text("{\"trainings\":[{\"id\":1" + string.Concat(Enumerable.Repeat(",\"name\":\"x\"", 100_000)) + "}]}"), Json),
            ["100,000 unknown keys"] =
                (Text("{\"trainings\":[{\"id\":1" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $",\"k{i}\":0")) + "}]}"), Json),
            ["a million records"] = (Text("{\"trainings\":[" + string.Concat(Enumerable.Repeat("{\"id\":1},", 400_000)) + "{\"id\":1}]}"),
                Json),
            ["a million regions"] =
                (Text("{\"trainings\":[{\"id\":1,\"regions\":[" + string.Concat(Enumerable.Repeat("{\"id\":1},",
                400_000)) + "{\"id\":1}]}]}"), Json),
            ["a long unknown array"] =
                (Text("{\"trainings\":[{\"id\":1,\"x\":[0" + string.Concat(Enumerable.Repeat(",0", 2_000_000)) + "]}]}"), Json),
            ["a number of a million digits"] = (Text("{\"trainings\":[{\"id\":1,\"price\":" + new string('9', 1_000_000) + "}]}"), Json),
            ["a million ampersands"] = (Text("<r><x>" + new string('&', 700_000) + "</x></r>"), Xml),
            ["50,000 attributes"] = (Text("<r " + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"a{i}=\"\" ")) + "/>"), Xml),
            ["a million elements"] = (Text("<r>" + string.Concat(Enumerable.Repeat("<a/>", 1_000_000)) + "</r>"), Xml),
            ["text in 300,000 pieces"] = (Text("<r><x>" + string.Concat(Enumerable.Repeat("a<!--b-->", 300_000)) + "</x></r>"), Xml),
            ["a billion laughs"] = (Text("<!DOCTYPE l [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;\">]><l>&b;</l>"), Xml),
            ["60,000 backslashes in an error"] = (context =>
            {
                context.Response.StatusCode = 500;
                return context.Response.WriteAsync(new string('\\', 60_000));
            }, Json),
            ["3 million backslashes"] = (Text(new string('\\', 3_000_000)), Json),
            ["a gzip bomb"] = (context => BombAsync(context, gzip: true), Json),
            ["a brotli bomb"] = (context => BombAsync(context, gzip: false), Xml),
            ["plain text as Brotli"] = (context =>
            {
                context.Response.Headers.ContentEncoding = "br";
                return context.Response.WriteAsync("{\"trainings\":[]}");
            }, Json),
            ["half a gzip"] = (context =>
            {
                context.Response.Headers.ContentEncoding = "gzip";
                return context.Response.Body.WriteAsync(new byte[] { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3 }).AsTask();
            }, Json),
        };
    }

    private static Func<HttpContext, Task> Text(string body) => context => context.Response.WriteAsync(body);

    private static async Task BombAsync(HttpContext context, bool gzip)
    {
        context.Response.Headers.ContentEncoding = gzip ? "gzip" : "br";
        await using Stream body = gzip
            ? new GZipStream(context.Response.Body, CompressionLevel.Fastest)
            : new BrotliStream(context.Response.Body, CompressionLevel.Fastest);
        var piece = new byte[64 * 1024];
        Array.Fill(piece, (byte)' ');
        for (long sent = 0; sent < 1L << 33 && !context.RequestAborted.IsCancellationRequested; sent += piece.Length)
            await body.WriteAsync(piece, context.RequestAborted);
    }

    private sealed class GeneratedAnswers : DelegatingHandler
    {
        public AnswerGenerator Source { get; set; } = null!;

        public byte[] Last { get; private set; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var query = System.Web.HttpUtility.ParseQueryString(request.RequestUri!.Query);
            var (body, type) = Source.Page(int.Parse(query["offset"]!, CultureInfo.InvariantCulture),
                int.Parse(query["size"]!, CultureInfo.InvariantCulture),
                request.RequestUri.AbsolutePath.EndsWith(".xml", StringComparison.Ordinal));
            Last = body;
            var content = new ByteArrayContent(body);
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            return Task.FromResult(new HttpResponseMessage { Content = content });
        }
    }
}

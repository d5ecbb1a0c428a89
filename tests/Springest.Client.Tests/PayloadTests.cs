using System.Text.Json.Nodes;

namespace Springest.Client.Tests;

/// <summary>Recorded answers: what is read from them and written out again says all that they said.</summary>
public sealed class PayloadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, Func<SpringestClient, Task<IReadOnlyList<SpringestRecord>>>> s_readers = new()
    {
        ["trainings-list"] = client => All(client.ListTrainings()),
        ["trainings-empty"] = client => All(client.ListTrainings()),
        ["trainings-past-end"] = client => All(client.ListTrainings()),
        ["training"] = client => One(client.GetTrainingAsync(700123, Cancellation)),
        ["learnmatch"] = client => All(client.MatchTrainings("planner")),
        ["institutes-list"] = client => All(client.ListInstitutes()),
        ["institute"] = client => One(client.GetInstituteAsync(501001, Cancellation)),
        ["categories-list"] = client => All(client.ListCategories()),
        ["subjects-list"] = client => All(client.ListSubjects()),
        ["reviews-list"] = client => All(client.ListInstituteReviews(501001)),
        ["certifications"] = client => All(client.ListCertifications()),
        ["user-certificates"] = client => All(client.ListCertificates()),
        ["user-certificates-2328"] = client => All(client.ListCertificates()),
        ["bookings-list"] = client => All(client.ListBookings()),
        ["booking"] = client => One(client.GetBookingAsync(610001, Cancellation)),
#pragma warning disable SPRINGEST0001
        ["conversions-list"] = client => All(client.ListConversions()),
#pragma warning restore SPRINGEST0001
        ["starting-dateplace-201"] = async client => [(await client.CreateStartingDatePlaceAsync(700123, Uploads.Start, Cancellation))!],
        ["review-request-201"] = client => One(client.CreateReviewRequestAsync(Uploads.ReviewRequest, Cancellation)),
    };

    private static readonly Dictionary<string, (long Id, Func<SpringestClient, Task<long?>> Create)> s_creations = new()
    {
        ["booking-201"] = (610001, async client => await client.CreateBookingAsync(700123, Uploads.Booking, Cancellation)),
        ["certificate-201"] = (44003, client => client.CreateCertificateAsync(Uploads.Certificate(), Cancellation)),
        ["users-201"] = (990011, client => client.SaveUserAsync(Uploads.User, Cancellation)),
    };

    public static TheoryData<string> Records => [.. Files().Where(file => s_readers.ContainsKey(Name(file)))];

    public static TheoryData<string> Twins => [.. Files().Where(file => file.EndsWith(".xml") && s_readers.ContainsKey(Name(file)))];

    public static TheoryData<string> Creations => [.. Files().Where(file => s_creations.ContainsKey(Name(file)))];

    [Theory]
    [MemberData(nameof(Records))]
    public async Task No_field_of_an_answer_is_lost(string file)
    {
        var records = await ReadAsync(file);

        var sent = Items(JsonNode.Parse(File.ReadAllText(Path(Name(file) + ".json")))!);
        Assert.Equal(sent.Count, records.Count);
        Assert.Empty(sent.Zip(records).SelectMany(pair => JsonText.Missing(pair.First, JsonNode.Parse(pair.Second.ToJson()))));
        Assert.All(records, record => Assert.Null(record.OtherFields));
    }

    [Theory]
    [MemberData(nameof(Twins))]
    public async Task Xml_gives_the_records_that_json_gives(string file)
    {
        var fromXml = await ReadAsync(file);
        var fromJson = await ReadAsync(Name(file) + ".json");

        Assert.Equal(fromJson.Select(record => record.ToJson()), fromXml.Select(record => record.ToJson()));
    }

    [Theory]
    [MemberData(nameof(Creations))]
    public async Task The_number_of_what_was_created_is_read(string file)
    {
        await using var server = await ServerAsync(file);

        var (id, create) = s_creations[Name(file)];

        Assert.Equal(id, await create(server.Client));
    }

    [Theory]
    [InlineData("autocomplete.json")]
    [InlineData("autocomplete.jsonp")]
    public async Task Completions_are_read_in_their_groups(string file)
    {
        await using var server = await ServerAsync(file);

        var groups = await server.Client.AutocompleteAsync("pla", Cancellation);

        Assert.Equal(["Plannen &amp; organiseren", "Planning"], groups["subjects"].Select(suggestion => suggestion.Name));
    }

    [Fact]
    public async Task An_empty_answer_cancels_as_well_as_one_with_an_id()
    {
        await using var server = await ServerAsync("booking-cancel-201.json");
        await using var silent = await CannedServer.StartAsync(context =>
        {
            context.Response.StatusCode = 201;
            return Task.CompletedTask;
        });

        await server.Client.CancelBookingAsync(700123, 610001, Cancellation);
        await silent.Client.CancelBookingAsync(700123, 610001, Cancellation);
        Assert.Null(await silent.Client.SaveUserAsync(Uploads.User, Cancellation));
    }

    /// <summary>Whoever adds a payload adds what is to be read from it.</summary>
    [Fact]
    public void Every_payload_is_read_by_a_test()
    {
        string[] elsewhere =
        [
            "autocomplete",
            "booking-cancel-201",
            .. ErrorTests.Bodies.Select(row => Name(row.Data.Item1)),
            .. UploadTests.Bodies.Keys,
            .. WebhookParsingTests.Samples.Select(row => Name(row.Data.Item1)),
        ];

        Assert.Empty(Files().Select(Name).Except(s_readers.Keys).Except(s_creations.Keys).Except(elsewhere));
    }

    internal static string Path(string file) => System.IO.Path.Combine(AppContext.BaseDirectory, "Payloads", file);

    private static IEnumerable<string> Files() => Directory.GetFiles(Path("")).Select(System.IO.Path.GetFileName).Order()!;

    private static string Name(string file) => System.IO.Path.GetFileNameWithoutExtension(file);

    private static async Task<IReadOnlyList<SpringestRecord>> ReadAsync(string file)
    {
        await using var server = await ServerAsync(file);
        return await s_readers[Name(file)](server.Client);
    }

    /// <summary>Answers the first page with the file, later ones with nothing.</summary>
    private static Task<CannedServer> ServerAsync(string file) => CannedServer.StartAsync(
        context => context.Request.Query["offset"] is var offset && offset.Count > 0 && offset != "0"
            ? context.Response.Body.WriteAsync("[]"u8.ToArray()).AsTask()
            : context.Response.Body.WriteAsync(File.ReadAllBytes(Path(file))).AsTask(),
        site => site.Format = file.EndsWith(".xml") ? SpringestFormat.Xml : SpringestFormat.Json);

    private static IReadOnlyList<JsonNode?> Items(JsonNode answer)
        => answer.AsObject().Select(field => field.Value).OfType<JsonArray>().FirstOrDefault() is { } list ? [.. list] : [answer];

    private static async Task<IReadOnlyList<SpringestRecord>> All<T>(SpringestList<T> list)
        where T : SpringestRecord
        => [.. await list.ToListAsync(Cancellation)];

    private static async Task<IReadOnlyList<SpringestRecord>> One<T>(Task<T> record)
        where T : SpringestRecord
        => [await record];
}

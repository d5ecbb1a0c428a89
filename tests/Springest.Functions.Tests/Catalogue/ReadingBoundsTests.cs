using System.Text.Json;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Catalogue.Resources;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>However much there is, a page is short, and costs little.</summary>
public sealed class ReadingBoundsTests
{
    private const int MaxAnswers = 30;

    private static readonly MirrorScope Scope = new("nl", Trainings.Description);

    [Fact]
    public async Task A_page_ends_where_it_gets_too_long_and_the_next_goes_on()
    {
        using var world = new MemoryWorld(trainings: 0);
        world.Api.Change(records => records.AddRange(Enumerable.Range(1, 600).Select(id => KeyValuePair.Create(
            (long)id, $$"""{"id":{{id}},"name":"Training {{id}}","description":"{{new string('é', 10_000)}}"}"""))));
        await using var app = await world.StartAsync();
        await world.CompleteAsync(app);

        var (read, pages) = (new List<long>(), 0);
        for (string? after = ""; after is not null; pages++)
        {
            app.Tap.Clear();
            var (length, ids, next) = await ReadAsync(app, new CatalogueQuery(1000, after, null, null, null, Deleted: false));
            Assert.InRange(length, 1, 4_100_000);
            Assert.InRange(app.Tap.Count, 1, MaxAnswers);
            read.AddRange(ids);
            after = next;
        }

        Assert.Equal(world.Api.Records.Keys, read);
        Assert.Equal(4, pages);
    }

    [Fact]
    public async Task Short_records_are_read_many_at_a_time()
    {
        using var world = new MemoryWorld(trainings: 1000);
        await using var app = await world.StartAsync();
        await world.CompleteAsync(app);
        app.Tap.Clear();

        var (_, ids, next) = await ReadAsync(app, new CatalogueQuery(1000, "", null, null, null, Deleted: false));

        Assert.Equal(world.Api.Records.Keys, ids);
        Assert.Null(next);
        Assert.InRange(app.Tap.Count, 1, 11);
    }

    [Fact]
    public async Task A_search_looks_through_few_answers_and_reads_only_what_it_finds()
    {
        using var world = new MemoryWorld(trainings: 0);
        world.Api.Change(records => records.AddRange(Enumerable.Range(1, 6_000).Select(id => KeyValuePair.Create(
            (long)id, $$"""{"id":{{id}},"institute_id":{{id % 100}},"name":"{{(id % 1_000 == 7 ? "Rare" : "Usual")}} {{id}}"}"""))));
        await using var app = await world.StartAsync();
        await world.CompleteAsync(app);

        foreach (var (query, hits) in new[]
        {
            (new CatalogueQuery(1000, "", null, null, "rare", Deleted: false), 6),
            (new CatalogueQuery(1000, "", null, null, "nowhere", Deleted: false), 0),
            (new CatalogueQuery(1000, "", 42, null, null, Deleted: false), 60),
            (new CatalogueQuery(3, "", 42, null, null, Deleted: false), 3),
        })
        {
            app.Tap.Clear();
            var (_, ids, next) = await ReadAsync(app, query);
            Assert.Equal(hits, ids.Count);
            Assert.InRange(app.Tap.Count, 1, MaxAnswers + hits);
            Assert.Equal(query.Top == 3, next is not null);
        }
    }

    private static async Task<(long Length, List<long> Ids, string? After)> ReadAsync(MirrorApp app, CatalogueQuery query)
    {
        using var json = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(json))
            await (await app.Reader.ListAsync(Scope, query, TestContext.Current.CancellationToken))
                .WriteAsync(writer, TestContext.Current.CancellationToken);
        var page = JsonElement.Parse(json.ToArray());
        return (
            json.Length,
            [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64())],
            page.GetProperty("cursor").GetString() is { } cursor
                ? Springest.Functions.Catalogue.Records.CatalogueCursor.Read(Scope.Path, cursor)
                : null);
    }
}

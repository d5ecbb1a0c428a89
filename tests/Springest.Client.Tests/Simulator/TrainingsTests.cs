using System.Net;
using System.Text.Json.Nodes;
using Springest.Simulator;

namespace Springest.Client.Tests.Simulator;

public sealed class TrainingsTests : IAsyncLifetime
{
    private SimulatorServer _simulator = null!;
    private ApiCaller _api = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new SimulatorOptions { Trainings = 95, Subjects = 20 };
        _simulator = await SimulatorServer.StartAsync(options, TestContext.Current.CancellationToken);
        _api = new ApiCaller(_simulator);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Pages_hold_every_training_once_in_order_of_their_ids()
    {
        var ids = new List<long>();
        for (var offset = 0; offset < 95; offset += 30)
        {
            var page = await _api.JsonAsync($"trainings.json?size=30&offset={offset}");
            Assert.Equal(95, (int)page["meta"]!["results"]!);
            Assert.Equal(offset, (int)page["meta"]!["offset"]!);
            Assert.Empty(page["meta"]!["filters"]!.AsArray());
            ids.AddRange(Ids(page));
        }

        Assert.Equal(_simulator.Catalogue.Trainings.Ids, ids);
        Assert.Equal(ids.Order(), ids);
    }

    [Theory]
    [InlineData("", 10)]
    [InlineData("size=30", 30)]
    [InlineData("size=100", 30)]
    [InlineData("size=1000000000", 30)]
    [InlineData("size=0", 1)]
    [InlineData("size=-5", 1)]
    [InlineData("offset=90", 5)]
    [InlineData("offset=95", 0)]
    [InlineData("offset=100000", 0)]
    public async Task Page_size_is_clamped_and_the_end_is_an_empty_list(string query, int expected)
    {
        var page = await _api.JsonAsync($"trainings.json?{query}");

        Assert.Equal(expected, Ids(page).Count);
        Assert.Equal(95, (int)page["meta"]!["results"]!);
    }

    [Theory]
    [InlineData("offset=-1")]
    [InlineData("offset=x")]
    [InlineData("size=ten")]
    [InlineData("size=99999999999")]
    [InlineData("modified_from=yesterday")]
    [InlineData("full=maybe")]
    [InlineData("institute_id=a")]
    public async Task Parameters_that_cannot_be_read_are_refused(string query)
        => await _api.JsonAsync($"trainings.json?{query}", HttpStatusCode.BadRequest);

    [Fact]
    public async Task Page_size_out_of_range_is_refused_when_so_set()
    {
        _simulator.Behaviour.RejectPageSize = true;

        await _api.JsonAsync("trainings.json?size=31", HttpStatusCode.BadRequest);
        await _api.JsonAsync("trainings.json?size=30");
    }

    [Fact]
    public async Task Records_have_exactly_the_documented_fields()
    {
        var expected = new[]
        {
            "id", "status", "modified", "institute_id", "name", "short_name", "external_id", "bookings_email", "terms_and_conditions_url",
            "moments", "url", "information_request_url", "booking_url", "more_info_url", "training_type", "price", "price_currency",
            "original_price", "discount_percentage", "vat_rate", "vat_amount", "original_vat_amount", "base_price", "base_vat_amount",
            "additional_costs", "average_rating", "count", "max_participants", "total_course_days", "time_unit", "duration",
            "duration_unit", "vat_included", "institute", "description", "regions", "levels", "methods", "associations", "subjects",
            "croho", "crebo", "soi", "starting_dateplaces",
        };
        string[] onlyInFull = ["starting_dateplaces", "additional_costs", "associations"];

        var full = (await _api.JsonAsync("trainings.json?full=True&size=1"))["trainings"]![0]!.AsObject();
        var listed = (await _api.JsonAsync("trainings.json?size=1"))["trainings"]![0]!.AsObject();

        Assert.Equal(expected.Order(), full.Select(field => field.Key).Order());
        Assert.Equal(expected.Except(onlyInFull).Order(), listed.Select(field => field.Key).Order());
    }

    [Fact]
    public async Task Lists_shorten_descriptions_and_a_single_training_is_complete()
    {
        var id = _simulator.Catalogue.Trainings.Ids[0];
        var description = (string)_simulator.Catalogue.Trainings.Get(id)!["description"]!;
        Assert.True(description.Length > 703);

        var listed = (await _api.JsonAsync("trainings.json?size=1"))["trainings"]![0]!;
        var single = await _api.JsonAsync($"trainings/{id}.json");

        Assert.Equal(description[..700] + "...", (string)listed["description"]!);
        Assert.Equal(1, (int)single["meta"]!["results"]!);
        Assert.True(JsonNode.DeepEquals(_simulator.Catalogue.Trainings.Get(id), single["trainings"]![0]));
    }

    [Theory]
    [InlineData("ab", "ab")]
    [InlineData(700, false)]
    [InlineData(701, true)]
    public async Task Short_descriptions_stay_whole(object text, object expected)
    {
        var (description, cut) = text is int length ? (new string('x', length), (bool)expected) : ((string)text, false);
        var id = _simulator.Catalogue.Trainings.Ids[0];
        _simulator.Catalogue.Trainings.Update(id, training => training["description"] = description);

        var listed = (string)(await _api.JsonAsync("trainings.json?size=1"))["trainings"]![0]!["description"]!;

        Assert.Equal(cut ? description[..700] + "..." : description, listed);
    }

    [Fact]
    public async Task A_description_is_never_cut_within_a_character()
    {
        var id = _simulator.Catalogue.Trainings.Ids[0];
        _simulator.Catalogue.Trainings.Update(id, training => training["description"] = new string('x', 699) + "😀😀");

        var listed = (string)(await _api.JsonAsync("trainings.json?size=1"))["trainings"]![0]!["description"]!;

        Assert.Equal(new string('x', 699) + "...", listed);
    }

    [Fact]
    public async Task Modified_from_includes_the_day_itself()
    {
        var trainings = _simulator.Catalogue.Trainings;
        trainings.Update(trainings.Ids[3], training => training["modified"] = "2026-03-05T00:00:00+01:00");
        trainings.Update(trainings.Ids[4], training => training["modified"] = "2026-03-05 23:59:59");
        trainings.Update(trainings.Ids[5], training => training["modified"] = "2026-03-06");
        trainings.Update(trainings.Ids[6], training => training["modified"] = "2026-03-04T23:59:59Z");

        Assert.Equal(trainings.Ids.Skip(3).Take(3), Ids(await _api.JsonAsync("trainings.json?modified_from=2026-03-05")));
        Assert.Equal([trainings.Ids[5]], Ids(await _api.JsonAsync("trainings.json?modified_from=2026-03-06")));
        Assert.Empty(Ids(await _api.JsonAsync("trainings.json?modified_from=2026-03-07")));
    }

    [Fact]
    public async Task A_changed_training_gets_a_new_time_stamp_and_a_removed_one_vanishes()
    {
        var trainings = _simulator.Catalogue.Trainings;
        var (changed, removed, unpublished) = (trainings.Ids[0], trainings.Ids[1], trainings.Ids[2]);
        var before = (string)trainings.Get(changed)!["modified"]!;

        trainings.Update(changed, training => training["name"] = "Anders");
        trainings.Remove(removed);
        trainings.Update(unpublished, training => training["status"] = "concept");

        var page = await _api.JsonAsync("trainings.json?size=3");
        Assert.Equal(93, (int)page["meta"]!["results"]!);
        Assert.Equal("Anders", (string)page["trainings"]![0]!["name"]!);
        Assert.NotEqual(before, (string)page["trainings"]![0]!["modified"]!);
        Assert.DoesNotContain(removed, Ids(page));
        Assert.DoesNotContain(unpublished, Ids(page));
        await _api.JsonAsync($"trainings/{removed}.json", HttpStatusCode.NotFound);
        await _api.JsonAsync($"trainings/{unpublished}.json", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("institute_id", "institute_id", null)]
    [InlineData("subject_id", "subjects", "id")]
    [InlineData("category_id", "subjects", "category_id")]
    [InlineData("method", "methods", "id")]
    [InlineData("method", "methods", "name")]
    [InlineData("level", "levels", "name")]
    [InlineData("region", "regions", "short")]
    [InlineData("region", "regions", "id")]
    [InlineData("country", "regions", "country")]
    public async Task Filters_pick_the_trainings_that_have_the_value(string parameter, string field, string? item)
    {
        var records = _simulator.Catalogue.Trainings.Snapshot().Select(record => record.ToObject()).ToList();
        var value = records.SelectMany(record => Values(record, field, item)).First();
        var expected = records.Where(record => Values(record, field, item).Contains(value)).Select(record => (long)record["id"]!).ToList();
        Assert.InRange(expected.Count, 1, 94);

        var page = await _api.JsonAsync($"trainings.json?size=30&{parameter}={Uri.EscapeDataString(value)}");

        Assert.Equal(expected.Count, (int)page["meta"]!["results"]!);
        Assert.Equal(expected.Take(30), Ids(page));
    }

    [Fact]
    public async Task Filters_must_all_hold_and_commas_mean_any()
    {
        var records = _simulator.Catalogue.Trainings.Snapshot();
        var institutes = records.Select(record => record.InstituteId!.Value).Distinct().Take(2).ToList();

        var both = await _api.JsonAsync($"trainings.json?institute_id={institutes[0]},{institutes[1]}");
        var none = await _api.JsonAsync($"trainings.json?institute_id={institutes[0]}&modified_from=2100-01-01");

        Assert.Equal(records.Count(record => institutes.Contains(record.InstituteId!.Value)), (int)both["meta"]!["results"]!);
        Assert.Equal(0, (int)none["meta"]!["results"]!);
    }

    [Fact]
    public async Task Search_puts_words_of_the_name_first()
    {
        var trainings = _simulator.Catalogue.Trainings;
        var (inName, inSubject) = (trainings.Ids[50], trainings.Ids[10]);
        trainings.Update(inName, training => training["name"] = "Kantklossen voor beginners");
        trainings.Update(inSubject, training => training["subjects"]![0]!["name"] = "Kantklossen");

        Assert.Equal([inName, inSubject], Ids(await _api.JsonAsync("trainings.json?query=kantklossen")));
        Assert.Equal([inName], Ids(await _api.JsonAsync("trainings.json?query=KANTKLOSSEN%20beginners")));
    }

    private static List<long> Ids(JsonObject page) => [.. page["trainings"]!.AsArray().Select(training => (long)training!["id"]!)];

    private static IEnumerable<string> Values(JsonObject record, string field, string? item)
        => item is null ? [record[field]!.ToString()] : record[field]!.AsArray().Select(one => one![item]!.ToString());
}

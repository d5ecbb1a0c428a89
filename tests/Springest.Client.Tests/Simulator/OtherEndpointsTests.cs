using System.Net;
using System.Text.Json.Nodes;
using Springest.Simulator;

namespace Springest.Client.Tests.Simulator;

public sealed class OtherEndpointsTests : IAsyncLifetime
{
    private SimulatorServer _simulator = null!;
    private ApiCaller _api = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new SimulatorOptions { Trainings = 90, Subjects = 60 };
        _simulator = await SimulatorServer.StartAsync(options, TestContext.Current.CancellationToken);
        _api = new ApiCaller(_simulator);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Categories_count_differently_in_version_2()
    {
        var plain = await _api.JsonAsync("categories.json?offset=20");
        var second = await _api.JsonAsync("categories.json?version=2&size=30");

        Assert.Equal(21, (int)plain["meta"]!["results"]!);
        Assert.Single(plain["categories"]!.AsArray());
        Assert.Equal(21, (int)second["meta"]!["count"]!);
        Assert.Null(second["meta"]!["results"]);
        Assert.Equal(["id", "name", "short_name", "count", "url"], second["categories"]![0]!.AsObject().Select(field => field.Key));
        Assert.Equal("Werk &amp; tijd", (string)(await _api.JsonAsync("categories/71.json"))["categories"]![0]!["name"]!);
        Assert.Single((await _api.XmlAsync("categories/72.xml")).Element("categories")!.Elements("category"));
    }

    [Fact]
    public async Task Institutes_and_subjects_are_listed_found_and_shown()
    {
        var institute = (await _api.JsonAsync("institutes.json?query=voorbeeld"))["institutes"]![0]!;
        Assert.Equal("Voorbeeld Academie", (string)institute["name"]!);
        Assert.True(JsonNode.DeepEquals(institute, (await _api.JsonAsync($"institutes/{institute["id"]}.json"))["institutes"]![0]));
        Assert.Equal(_simulator.Catalogue.Institutes.Count, (int)(await _api.JsonAsync("institutes.json"))["meta"]!["results"]!);

        var subject = (await _api.JsonAsync("subjects.json"))["subjects"]![0]!;
        Assert.Equal(
            ["id", "category_id", "name", "short_name", "category_short_name", "url", "count"],
            subject.AsObject().Select(field => field.Key));
        var ofCategory = (await _api.JsonAsync($"subjects.json?category_id={subject["category_id"]}&size=30"))["subjects"]!.AsArray();
        Assert.All(ofCategory, one => Assert.Equal((int)subject["category_id"]!, (int)one!["category_id"]!));
        Assert.True(JsonNode.DeepEquals(subject, (await _api.JsonAsync($"subjects/{subject["id"]}.json"))["subjects"]![0]));
        await _api.JsonAsync("subjects/1.json", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Learn_match_finds_trainings_for_a_job_title()
    {
        var trainings = _simulator.Catalogue.Trainings;
        trainings.Update(trainings.Ids[7], training => training["name"] = "Opleiding tot imker");

        var found = await _api.JsonAsync("springsense.json?job_title=senior%20imker");

        Assert.Equal(trainings.Ids[7], (long)Assert.Single(found["trainings"]!.AsArray())!["id"]!);
        Assert.False(found["trainings"]![0]!.AsObject().ContainsKey("starting_dateplaces"));
        await _api.JsonAsync("springsense.json", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Autocomplete_suggests_subjects_as_json_or_jsonp()
    {
        using var answer = await _api.GetAsync("autocomplete/plann.jsonp?callback=cb1");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var json = await _api.JsonAsync("autocomplete/plann.json");

        Assert.Equal("application/javascript", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal($"cb1({json.ToJsonString()})", text);
        Assert.Equal("""{"results":{"subjects":[{"name":"Plannen"}]}}""", json.ToJsonString());
        Assert.Empty((await _api.JsonAsync("autocomplete/a%2Fb%3Fc.json"))["results"]!["subjects"]!.AsArray());
        Assert.Single((await _api.JsonAsync("autocomplete/C%23.json"))["results"]!["subjects"]!.AsArray());
        _simulator.Behaviour.AutocompleteEverything = true;
        var everything = (await _api.JsonAsync("autocomplete/plann.json"))["results"]!.AsObject();
        Assert.Equal(["subjects", "trainings", "institutes", "categories"], everything.Select(group => group.Key));
        Assert.Equal(9101, (long)everything["subjects"]![0]!["id"]!);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?callback=")]
    [InlineData("?callback=alert(1)")]
    [InlineData("?callback=1a")]
    [InlineData("?callback=a%0A")]
    public async Task A_callback_must_be_the_name_of_a_function(string query)
        => await _api.JsonAsync($"autocomplete/plann.jsonp{query}", HttpStatusCode.BadRequest);

    [Fact]
    public async Task Widgets_are_embedded()
    {
        var answer = await _api.JsonAsync($"oembed.json?url={Uri.EscapeDataString("https://www.springest.nl/oembed/reviews?a=1&b=\"2")}");

        Assert.Equal("rich", (string)answer["type"]!);
        Assert.Contains("src=\"https://www.springest.nl/oembed/reviews?a=1&amp;b=%222\" ", (string)answer["html"]!);
        await _api.JsonAsync("oembed.json", HttpStatusCode.BadRequest);
        await _api.JsonAsync("oembed.json?url=https://example.test/oembed/x", HttpStatusCode.NotFound);
        await _api.JsonAsync("oembed.json?url=https://www.springest.nl/other", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Old_routes_work_only_when_so_set()
    {
        var ids = _simulator.Catalogue.Trainings.Ids;
        await _api.JsonAsync("trainings/list.json", HttpStatusCode.NotFound);

        _simulator.Behaviour.LegacyRoutes = true;

        Assert.Equal(90, (int)(await _api.JsonAsync("trainings/list.json"))["meta"]!["results"]!);
        Assert.Equal(2, (int)(await _api.JsonAsync($"trainings/show.json?ids={ids[3]},{ids[8]}"))["meta"]!["results"]!);
        var bare = (await _api.JsonAsync("trainings/list.json?fields=id"))["trainings"]![0]!;
        Assert.Equal($$"""{"id":{{ids[0]}}}""", bare.ToJsonString());
        Assert.Equal(1, (int)(await _api.JsonAsync("subjects/show.json?ids=9101"))["meta"]!["results"]!);
        Assert.Equal(21, (int)(await _api.JsonAsync("categories/list.json"))["meta"]!["results"]!);
        Assert.Equal(ids[3], (long)(await _api.JsonAsync($"trainings/{ids[3]}.json"))["trainings"]![0]!["id"]!);
        await _api.JsonAsync("trainings/show.json", HttpStatusCode.BadRequest);
    }
}

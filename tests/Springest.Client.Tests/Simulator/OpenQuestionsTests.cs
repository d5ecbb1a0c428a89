using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Springest.Simulator;
using Springest.Simulator.Behaviours;

namespace Springest.Client.Tests.Simulator;

/// <summary>What docs/springest-api.md leaves open can be set either way.</summary>
public sealed class OpenQuestionsTests : IAsyncLifetime
{
    private SimulatorServer _simulator = null!;
    private ApiCaller _api = null!;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 40 }, Ended);
        _api = new ApiCaller(_simulator);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    [Theory]
    [InlineData(EnvelopeShape.Results, """{"meta":{"results":10,"offset":9,"filters":[]},"certifications":[*]}""")]
    [InlineData(EnvelopeShape.Count, """{"meta":{"count":10,"offset":9,"filters":[]},"certifications":[*]}""")]
    [InlineData(EnvelopeShape.NoMeta, """{"certifications":[*]}""")]
    [InlineData(EnvelopeShape.Bare, "[*]")]
    public async Task Lists_have_any_envelope(EnvelopeShape shape, string expected)
    {
        _simulator.Behaviour.Envelopes = new Dictionary<string, EnvelopeShape> { ["certifications"] = shape };
        var last = _simulator.Catalogue.Certifications.Json(_simulator.Catalogue.Certifications.Ids[^1]);

        using var answer = await _api.GetAsync("certifications.json?offset=9");

        Assert.Equal(expected.Replace("*", last, StringComparison.Ordinal), await answer.Content.ReadAsStringAsync(Ended));
        Assert.Equal("response", (await _api.XmlAsync("certifications.xml")).Name.LocalName);
    }

    [Fact]
    public async Task A_single_record_may_be_bare()
    {
        _simulator.Behaviour.Envelopes = new Dictionary<string, EnvelopeShape> { ["trainings"] = EnvelopeShape.Bare };
        var id = _simulator.Catalogue.Trainings.Ids[0];

        Assert.Equal(id, (long)(await _api.JsonAsync($"trainings/{id}.json"))["id"]!);
    }

    [Theory]
    [InlineData(ErrorShape.Arrays, """{"error":{"size":["is not a number"]}}""")]
    [InlineData(ErrorShape.Strings, """{"error":{"size":"is not a number"}}""")]
    [InlineData(ErrorShape.Text, """{"error":"size is not a number"}""")]
    public async Task Errors_have_any_of_three_shapes(ErrorShape shape, string expected)
    {
        _simulator.Behaviour.ErrorShape = shape;

        Assert.Equal(expected, (await _api.JsonAsync("trainings.json?size=x", HttpStatusCode.BadRequest)).ToJsonString());
        await _api.XmlAsync("trainings.xml?size=x", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Errors_may_be_empty_and_405_may_be_called_forbidden()
    {
        _simulator.Behaviour.MethodNotAllowedText = "Forbidden";
        var refused = await _api.PostAsync("trainings.json", content: null, HttpStatusCode.MethodNotAllowed);
        Assert.Equal("Forbidden", (string)refused["error"]!);

        _simulator.Behaviour.EmptyErrors = true;
        using var answer = await _api.GetAsync("trainings/1.json");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Ended));
    }

    [Fact]
    public async Task Formats_may_be_missing_or_wrongly_labelled()
    {
        _simulator.Behaviour.Xml = false;
        await _api.JsonAsync("trainings.xml", HttpStatusCode.NotFound);
        _simulator.Behaviour.WithoutExtension = false;
        await _api.JsonAsync("trainings", HttpStatusCode.NotFound);
        _simulator.Behaviour.JsonContentType = "text/html";
        using var answer = await _api.GetAsync("trainings.json");
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Trainings_may_look_as_in_2012()
    {
        var id = _simulator.Catalogue.Trainings.Snapshot().First(record => record.ToObject()["price"] is not null).Id;
        var today = (await _api.JsonAsync($"trainings/{id}.json"))["trainings"]![0]!.AsObject();

        _simulator.Behaviour = new Behaviour { NumericPrices = true, ReviewCountField = "reviews", IdsAsStrings = true };
        var then = (await _api.JsonAsync($"trainings/{id}.json"))["trainings"]![0]!.AsObject();

        Assert.Equal(JsonValueKind.String, today["price"]!.GetValueKind());
        Assert.Equal(JsonValueKind.Number, then["price"]!.GetValueKind());
        Assert.Equal((string)today["price"]!, then["price"]!.ToJsonString());
        Assert.Equal((int)today["count"]!, (int)then["reviews"]!);
        Assert.False(then.ContainsKey("count"));
        Assert.Equal($"{id}", (string)then["id"]!);
        Assert.Equal("9101", (string)(await _api.JsonAsync("subjects.json"))["subjects"]![0]!["id"]!);
    }

    [Fact]
    public async Task Lists_may_be_ordered_filtered_and_shortened_otherwise()
    {
        var trainings = _simulator.Catalogue.Trainings;
        var institutes = trainings.Snapshot().Select(record => record.InstituteId).Take(2).ToList();
        trainings.Update(trainings.Ids[3], training => training["modified"] = "2026-03-05");

        _simulator.Behaviour.FromIsInclusive = false;
        Assert.Empty((await _api.JsonAsync("trainings.json?modified_from=2026-03-05"))["trainings"]!.AsArray());
        Assert.Single((await _api.JsonAsync("trainings.json?modified_from=2026-03-04"))["trainings"]!.AsArray());

        _simulator.Behaviour.DescendingOrder = true;
        Assert.Equal(trainings.Ids[^1], (long)(await _api.JsonAsync("trainings.json"))["trainings"]![0]!["id"]!);

        _simulator.Behaviour.CommaLists = false;
        await _api.JsonAsync($"trainings.json?institute_id={institutes[0]},{institutes[1]}", HttpStatusCode.BadRequest);

        (_simulator.Behaviour.DescriptionLength, _simulator.Behaviour.OnlyInFull) = (5, []);
        var listed = (await _api.JsonAsync("trainings.json"))["trainings"]![0]!.AsObject();
        Assert.Equal(8, ((string)listed["description"]!).Length);
        Assert.True(listed.ContainsKey("starting_dateplaces"));

        _simulator.Behaviour.NameFilters = true;
        Assert.Equal(
            """[{"name":"institute_id","value":"5"}]""",
            (await _api.JsonAsync("trainings.json?institute_id=5&size=3"))["meta"]!["filters"]!.ToJsonString());
    }

    [Fact]
    public async Task Certificates_may_have_fewer_fields_or_a_nested_certification()
    {
        await _api.PostAsync("certificates.json", CertificateTests.Form(_simulator));
        _simulator.Behaviour.NestedCertification = true;
        var nested = (await _api.JsonAsync("users/certificates.json"))["certificates"]![0]!.AsObject();
        Assert.Equal(["name", "description"], nested["certification"]!.AsObject().Select(field => field.Key));
        Assert.False(nested.ContainsKey("name"));

        _simulator.Behaviour.CertificatesWithUser = false;
        var few = (await _api.JsonAsync("users/certificates.json"))["certificates"]![0]!.AsObject();
        Assert.Equal(["id", "certification_id", "valid_from", "valid_until", "status", "created_at"], few.Select(field => field.Key));
    }

    [Fact]
    public async Task Every_setting_survives_the_way_over_http()
    {
        using var http = QuietHttp.To(_simulator.Address);
        var shown = await http.GetStringAsync("_simulator/behaviour", Ended);

        using var answer = await http.PatchAsync("_simulator/behaviour", new StringContent(shown), Ended);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(shown, await http.GetStringAsync("_simulator/behaviour", Ended));
        var settings = typeof(Behaviour).GetProperties().Select(property => property.Name).Except([nameof(Behaviour.Faults)]);
        var fields = JsonNode.Parse(shown)!.AsObject().Select(field => field.Key);
        Assert.Equal(settings.Order(), fields.Order(), StringComparer.OrdinalIgnoreCase);
    }
}

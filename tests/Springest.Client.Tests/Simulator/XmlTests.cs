using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Springest.Simulator;
using Springest.Simulator.Behaviours;

namespace Springest.Client.Tests.Simulator;

public sealed class XmlTests : IAsyncLifetime
{
    private SimulatorServer _simulator = null!;
    private ApiCaller _api = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new SimulatorOptions { Trainings = 120, Subjects = 40 };
        _simulator = await SimulatorServer.StartAsync(options, TestContext.Current.CancellationToken);
        _api = new ApiCaller(_simulator);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    [Theory]
    [InlineData("trainings", "size=30")]
    [InlineData("trainings", "size=30&full=true")]
    [InlineData("trainings", "size=30&offset=30&full=1")]
    [InlineData("trainings", "offset=5000")]
    [InlineData("institutes", "")]
    [InlineData("subjects", "size=30")]
    [InlineData("certifications", "")]
    public async Task Xml_says_the_same_as_json(string resource, string query)
    {
        var json = await _api.JsonAsync($"{resource}.json?{query}");
        var xml = await _api.XmlAsync($"{resource}.xml?{query}");

        Assert.Equal("response", xml.Name.LocalName);
        Assert.Equal(Tree(json), Tree(xml));
    }

    [Fact]
    public async Task Types_and_names_are_the_documented_ones()
    {
        var id = _simulator.Catalogue.Trainings.Snapshot().Select(record => record.ToObject())
            .First(record => record["price"] is not null && record["starting_dateplaces"]!.AsArray().Count > 0)["id"];

        var training = (await _api.XmlAsync($"trainings/{id}.xml")).Element("trainings")!.Element("training")!;

        Assert.Equal("integer", Type(training.Element("institute-id")));
        Assert.Equal("decimal", Type(training.Element("original-price")));
        Assert.Equal("float", Type(training.Element("duration")));
        Assert.Null(Type(training.Element("price")));
        Assert.Null(Type(training.Element("modified")));
        Assert.Null(Type(training.Element("base_price")));
        Assert.Equal("true", training.Element("vat-rate")!.Attribute("nil")!.Value);
        Assert.Equal("&euro;", training.Element("price-currency")!.Value);
        Assert.Equal("array", Type(training.Element("starting-dateplaces")));
        var dateplace = training.Element("starting-dateplaces")!.Elements("starting-dateplace").First();
        Assert.Equal("date", Type(dateplace.Element("date")));
        Assert.Equal("boolean", Type(dateplace.Element("date-is-month-only")));
    }

    [Theory]
    [InlineData(XmlErrorRoot.Error, "error/message")]
    [InlineData(XmlErrorRoot.Response, "response/error")]
    [InlineData(XmlErrorRoot.Hash, "hash/error")]
    public async Task Errors_have_the_form_that_is_set(XmlErrorRoot root, string path)
    {
        _simulator.Behaviour.XmlErrorRoot = root;

        var xml = await _api.XmlAsync("trainings/1.xml", HttpStatusCode.NotFound);

        Assert.Equal(path.Split('/')[0], xml.Name.LocalName);
        Assert.Equal("Not found", xml.Element(path.Split('/')[1])!.Value);
    }

    [Fact]
    public async Task Faults_of_fields_are_lists()
    {
        var xml = await _api.XmlAsync("trainings.xml?offset=-1", HttpStatusCode.BadRequest);

        Assert.Equal("is less than 0", xml.Element("offset")!.Element("offset")!.Value);
        Assert.Equal("array", Type(xml.Element("offset")));
    }

    [Fact]
    public async Task Text_survives_with_every_character()
    {
        const string awkward = "  a\r\nb\tc <>&\"' &amp; ® é 😀 ]]>  ";
        var id = _simulator.Catalogue.Trainings.Ids[0];
        _simulator.Catalogue.Trainings.Update(id, training => training["name"] = awkward);

        var xml = await _api.XmlAsync($"trainings/{id}.xml");

        Assert.Equal(awkward, xml.Element("trainings")!.Element("training")!.Element("name")!.Value);
    }

    private static string Name(XElement element) => element.Name.LocalName.Replace('-', '_');

    private static string? Type(XElement? element) => element!.Attribute("type")?.Value;

    // Both trees as text: names with underscores, values as written, in order.
    private static string Tree(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject record => "{" + string.Join(",", record.Select(field => $"{field.Key}:{Tree(field.Value)}")) + "}",
        JsonArray list => "[" + string.Join(",", list.Select(Tree)) + "]",
        _ => node.ToString(),
    };

    private static string Tree(XElement element)
    {
        if (element.Attribute("nil")?.Value == "true")
            return "null";
        if (Type(element) == "array")
            return "[" + string.Join(",", element.Elements().Select(Tree)) + "]";
        if (element.HasElements)
            return "{" + string.Join(",", element.Elements().Select(child => $"{Name(child)}:{Tree(child)}")) + "}";
        return element.Value;
    }
}

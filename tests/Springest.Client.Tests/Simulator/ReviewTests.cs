using System.Net;
using System.Text.Json.Nodes;
using Springest.Simulator;

namespace Springest.Client.Tests.Simulator;

public sealed class ReviewTests : IAsyncLifetime
{
    private SimulatorServer _simulator = null!;
    private ApiCaller _api = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 90 }, TestContext.Current.CancellationToken);
        _api = new ApiCaller(_simulator);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Reviews_are_read_by_institute_by_training_and_all_together()
    {
        var reviews = _simulator.Catalogue.Reviews.Snapshot().Select(record => record.ToObject()).ToList();
        var (institute, training) = ((long)reviews[0]["institute_id"]!, (long)reviews[0]["training_id"]!);
        var ofInstitute = reviews.Count(review => (long)review["institute_id"]! == institute);

        Assert.Equal(reviews.Count, await CountAsync("reviews.json"));
        Assert.Equal(ofInstitute, await CountAsync($"institutes/{institute}/reviews.json"));
        Assert.Equal(ofInstitute, await CountAsync($"reviews.json?institute_id={institute}"));
        Assert.Equal(1, await CountAsync($"trainings/{training}/reviews.json"));
        Assert.Equal(1, await CountAsync($"reviews.json?training_id={training}"));
        Assert.Equal(0, await CountAsync($"reviews.json?training_id={training}&institute_id=1"));
        await _api.JsonAsync("institutes/1/reviews.json", HttpStatusCode.NotFound);
        await _api.JsonAsync("trainings/1/reviews.json", HttpStatusCode.NotFound);
        Assert.Contains(reviews, review => review["rating"]!.GetValueKind() == System.Text.Json.JsonValueKind.String);
        Assert.Contains(reviews, review => review["rating"]!.GetValueKind() == System.Text.Json.JsonValueKind.Number);
    }

    [Theory]
    [InlineData("""{"requests":{0}}""")]
    [InlineData("""{"requests":[{0}]}""")]
    [InlineData("""{0}""")]
    public async Task A_request_gives_the_address_of_the_form(string wrapper)
    {
        var training = _simulator.Catalogue.Trainings.Ids[0];
        var request = $$"""{"email":"a@example.test","first_name":"Noor","last_name":"Voorbeeld","training_id":{{training}},"rating":9}""";

        var body = JsonNode.Parse(wrapper.Replace("{0}", request, StringComparison.Ordinal))!;

        var answer = await _api.PostAsync("reviews/requests.json", body);

        Assert.Equal(training, (long)answer["training_id"]!);
        Assert.StartsWith((string)_simulator.Catalogue.Trainings.Get(training)!["url"]!, (string)answer["url"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_providers_own_id_will_do_and_forms_and_xml_too()
    {
        var trainings = _simulator.Catalogue.Trainings.Snapshot().Select(record => record.ToObject());
        var training = trainings.First(record => record["external_id"] is not null);
        var id = training["external_id"];
        using var form = new StringContent(
            $"requests[email]=a%40example.test&requests[first_name]=N&requests[last_name]=V&requests[external_id]={id}");
        using var xml = new StringContent(
            $"<requests><email>a@b.nl</email><first-name>N</first-name><last-name>V</last-name><external-id>{id}</external-id></requests>");

        Assert.Equal((long)training["id"]!, (long)(await _api.PostAsync("reviews/requests.json", form))["training_id"]!);
        Assert.Equal((long)training["id"]!, (long)(await _api.PostAsync("reviews/requests.json", xml))["training_id"]!);
    }

    [Theory]
    [InlineData(
        """{"requests":{"first_name":"Noor"}}""",
        "requests[email] ontbreekt, requests[last_name] ontbreekt, requests[training_id] ontbreekt")]
    [InlineData(
        """{"email":"x","first_name":"N","last_name":"V","training_id":1}""",
        "requests[email] is ongeldig, requests[training_id] is niet gepubliceerd")]
    [InlineData(
        """{"email":"a@b.test","first_name":"N","last_name":"V","external_id":"none"}""",
        "requests[external_id] is niet gepubliceerd")]
    [InlineData(
        """{"email":"a@b.test","first_name":"N","last_name":"V","external_id":"none","rating":11,"review_trainer":"x"}""",
        "requests[rating] is ongeldig, requests[review_trainer] is ongeldig, requests[external_id] is niet gepubliceerd")]
    [InlineData(
        """{"email":"a@b.test","first_name":"N","last_name":"V","external_id":"none","training_completed_at":"x"}""",
        "requests[training_completed_at] is ongeldig, requests[external_id] is niet gepubliceerd")]
    public async Task Faults_are_told_in_one_dutch_text(string body, string error)
    {
        var answer = await _api.PostAsync("reviews/requests.json", JsonNode.Parse(body)!, HttpStatusCode.BadRequest);

        Assert.Equal(error, (string)answer["error"]!);
    }

    private async Task<int> CountAsync(string path) => (int)(await _api.JsonAsync(path))["meta"]!["results"]!;
}

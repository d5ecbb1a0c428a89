using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Conventions;

/// <summary>Whoever asks for what there is not is told what was wrong and what would be right.</summary>
public sealed class ProblemTests(ProblemTests.OneApp one) : IClassFixture<ProblemTests.OneApp>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "catalogue/mars/trainings", 404, "There is no site 'mars'. There are: nl.")]
    [InlineData("GET", "catalogue/nl/lessons", 404, "There is no resource 'lessons'. There are: categories, certifications,")]
    [InlineData("GET", "catalogue/nl/lessons/1", 404, "There is no resource 'lessons'.")]
    [InlineData(
        "GET",
        "catalogue/nl/trainings/1",
        404,
        "The mirror has no trainings/1, or it was deleted: ?deleted=true shows deleted ones."
    )]
    [InlineData("GET", "catalogue/nl/lessons/fields", 404, "There is no resource 'lessons'.")]
    [InlineData("GET", "catalogue/nl/trainings?top=0", 400, "top must be a number from 1 to 1000.")]
    [InlineData("GET", "catalogue/nl/trainings?cursor=zzz", 400, "cursor is not a cursor of this list.")]
    [InlineData("GET", "catalogue/nl/trainings/changes?after=zzz", 400, "after must be a cursor of this list, a time such as")]
    [InlineData("POST", "manage/catalogue/mars/trainings/start", 404, "There is no site 'mars'. There are: nl.")]
    [InlineData("POST", "manage/catalogue/nl/trainings/explode", 404, "There is no command 'explode'. There are: start, pause,")]
    [InlineData("GET", "certificates", 400, "state must be one of: ")]
    [InlineData("GET", "certificates?state=Lost", 400, "state must be one of: ")]
    [InlineData("GET", "certificates?state=Held&top=1000", 400, "top must be a number from 1 to 200.")]
    [InlineData("GET", "certificates?state=Held&site=mars", 400, "There is no site 'mars'. There are: ")]
    [InlineData("GET", "certificates?state=Held&cursor=zzz", 400, "cursor is not a cursor of this list.")]
    [InlineData("GET", "certificates/nl/abc", 404, "The ledger has no submission 'nl/abc'.")]
    [InlineData("POST", "manage/certificates/nl/abc/retry", 404, "The ledger has no submission 'nl/abc'.")]
    [InlineData("GET", "certificates/nl/a%0Ab", 404, "The ledger has no submission")]
    [InlineData("GET", "certificates/n%0Al/abc", 404, "The ledger has no submission")]
    [InlineData("POST", "manage/certificates/nl/a%0Ab/dismiss", 404, "The ledger has no submission")]
    [InlineData("POST", "manage/webhooks/nl/dead-letters/a%0Ab/retry", 404, "No such object was given up.")]
    [InlineData("GET", "manage/people/erasures/a%0Ab", 404, "There is no erasure")]
    [InlineData("POST", "manage/certificates/nl/abc/accept?id=x", 400, "id must be the number that Springest gave to the certificate")]
    [InlineData("GET", "webhooks/mars/deliveries", 404, "There is no site 'mars'. There are: nl.")]
    [InlineData(
        "GET",
        "catalogue/nl/trainings?tpo=5",
        400,
        "There is no parameter 'tpo'. There are: top, cursor, institute, subject, q, deleted."
    )]
    [InlineData("GET", "catalogue/nl/trainings/changes?q=x", 400, "There is no parameter 'q'. There are: top, after.")]
    [InlineData("GET", "catalogue/nl/trainings/fields?top=5", 400, "There is no parameter 'top'. This address has none.")]
    [InlineData("GET", "catalogue/nl/trainings/1?delete=true", 400, "There is no parameter 'delete'. There are: deleted.")]
    [InlineData("GET", "certificates?state=Held&sites=nl", 400, "There is no parameter 'sites'. There are: state, site, top, cursor.")]
    [InlineData("GET", "webhooks/nl/deliveries?since=noon", 400, "There is no parameter 'since'. There are: from, to.")]
    [InlineData("GET", "status?site=nl", 400, "There is no parameter 'site'. This address has none.")]
    [InlineData("POST", "manage/catalogue/nl/trainings/start?force=1", 400, "There is no parameter 'force'. This address has none.")]
    [InlineData("POST", "manage/certificates/nl/abc/retry?id=1", 400, "There is no parameter 'id'. This address has none.")]
    [InlineData("GET", "webhooks/nl/deliveries?from=noon", 400, "The parameter from is no time such as 2026-11-21T08:00Z.")]
    public async Task It_says_what_was_wrong(string method, string address, int status, string detail)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(one.App.Http.BaseAddress!, address))
        {
            Headers = { { "x-access-key", TestApp.OperatorKey } },
        };
        using var http = new HttpClient();
        using var answer = await http.SendAsync(request, Cancellation);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal(status == 400 ? "Bad Request" : "Not Found", problem.GetProperty("title").GetString());
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    /// <summary>One for all questions: none of them changes anything.</summary>
    public sealed class OneApp(AzuriteFixture azurite) : IAsyncLifetime
    {
        internal TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await TestApp.StartAsync(azurite.Azurite);

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Data.Tables;
using Springest.Functions.Access;
using Springest.Functions.Catalogue;
using Springest.Functions.Certificates;
using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator.Behaviours;
using Springest.Testing;

namespace Springest.Functions.Tests.Access;

/// <summary>Every decision and command says who made it, and when.</summary>
public sealed class WhoTests(AzuriteFixture azurite)
{
    private const string Olga = "olga (operator)";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Decision_about_a_certificate_names_who_made_it()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        desk.App.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Close, Method = "POST" });
        await desk.DropAsync("3101_jo@example.org_2026-03-01_2028-03-01.pdf");
        await desk.SweepAsync();
        var page = await desk.App.Http.GetFromJsonAsync<JsonElement>("certificates?state=OutcomeUnknown", Cancellation);
        var key = page.GetProperty("items")[0].GetProperty("submission").GetString();

        var decided = await desk.ManageAsync($"certificates/nl/{key}/accept?id=77001");

        Assert.True(decided is HttpStatusCode.NoContent or HttpStatusCode.Conflict, $"{decided}");
        if (decided == HttpStatusCode.NoContent)
        {
            var one = await desk.App.Http.GetFromJsonAsync<JsonElement>($"certificates/nl/{key}", Cancellation);
            Assert.Equal(Olga, one.GetProperty("history").EnumerateArray().Last().GetProperty("by").GetString());
        }

        var logged = Assert.Single(await LogAsync(desk.App));
        Assert.Equal(("olga", "Operator", "AcceptCertificate"), (logged["Name"], logged["Role"], logged["Function"]));
        Assert.Equal((($"/api/manage/certificates/nl/{key}/accept"), "id=77001"), (logged["Address"], logged["Parameters"]));
    }

    /// <summary>The client asks again, and is refused since the first time was a success.</summary>
    [Theory]
    [InlineData("OperatorLog")]
    [InlineData("MirrorCommands")]
    [InlineData("Erasures")]
    public async Task What_storage_wrote_without_an_answer_counts(string table)
    {
        await using var storage = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(
            azurite, new() { ["AzureWebJobsStorage"] = storage.ConnectionString }, mirrored: false);
        var tries = storage.LoseAnswer(
            request => request.Method == "POST" && request.Path.Value!.EndsWith(table, StringComparison.Ordinal));

        var answer = table == "Erasures"
            ? (await Privacy.ForgetTests.AskAsync(desk, "forget", new { email = "jo@example.test" })).Status
            : await desk.ManageAsync("catalogue/nl/trainings/pause");

        Assert.True(tries() > 1);
        Assert.Equal(table == "Erasures" ? HttpStatusCode.OK : HttpStatusCode.Accepted, answer);
        Assert.Single(
            await desk.App.Storage.Table(table).QueryAsync<TableEntity>(cancellationToken: Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Stop_of_sending_and_a_command_to_the_mirror_name_who_gave_them()
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);

        await PostAsync(app, "manage/certificates/nl/stop", TestApp.OperatorKey);
        await PostAsync(app, "manage/catalogue/nl/trainings/pause", TestApp.OperatorKey);

        var stop = await app.Storage.Table(CertificateStorage.State).QueryAsync<TableEntity>(
            "RowKey eq 'sending'", cancellationToken: Cancellation).SingleAsync(Cancellation);
        Assert.Equal(Olga, stop["StoppedBy"]);
        var command = await app.Storage.Table(CatalogueStorage.MirrorCommands).QueryAsync<TableEntity>(cancellationToken: Cancellation)
            .SingleAsync(Cancellation);
        Assert.Equal(Olga, command["EnqueuedBy"]);
        Assert.Equal(["CommandMirror", "StopCertificates"], (await LogAsync(app)).Select(row => row.GetString("Function")));
    }

    [Fact]
    public async Task What_is_refused_is_not_recorded_as_done()
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);

        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync(app, "manage/certificates/nl/stop", TestApp.ViewerKey));

        Assert.Empty(await LogAsync(app));
    }

    private static async Task<HttpStatusCode> PostAsync(TestApp app, string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Headers = { { AccessKey.Header, key } } };
        using var answer = await app.Http.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }

    private static Task<List<TableEntity>> LogAsync(TestApp app)
        => app.Storage.Table(OperatorLog.Table).QueryAsync<TableEntity>(cancellationToken: Cancellation).ToListAsync(Cancellation).AsTask();
}

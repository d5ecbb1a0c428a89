using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Springest.Functions.Certificates.Api;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator.Behaviours;
using Springest.Testing;

namespace Springest.Functions.Tests.Certificates;

public sealed class DecidingTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_can_say_that_it_did_not_arrive()
    {
        await using var desk = await DoubtAsync("jo.pdf");
        var listed = await desk.App.Http.GetFromJsonAsync<JsonElement>("certificates?state=OutcomeUnknown&site=nl", Cancellation);
        var key = Assert.Single(listed.GetProperty("items").EnumerateArray()).GetProperty("submission").GetString();

        Assert.Equal(HttpStatusCode.NoContent, await DecideAsync(desk, $"{key}/retry"));

        Assert.Equal(Assert.Single(desk.AtSpringest).Id, (await desk.ReceiptAsync("jo.pdf"))?.CertificateId);
        Assert.Equal([("nl", SubmissionState.Accepted)], (await desk.Ledger.CountAsync(Cancellation)).Keys);
    }

    [Fact]
    public async Task A_person_can_say_that_it_did_arrive()
    {
        await using var desk = await DoubtAsync("jo.pdf");
        var key = (await desk.DoubtsAsync().SingleAsync(Cancellation)).RowKey;
        var before = TimeProvider.System.GetUtcNow();

        Assert.Equal(HttpStatusCode.NoContent, await DecideAsync(desk, $"{key}/accept?id=4711"));

        Assert.Equal(4711, (await desk.ReceiptAsync("jo.pdf"))?.CertificateId);
        Assert.InRange((await desk.ReceiptAsync("jo.pdf"))!.At, before, TimeProvider.System.GetUtcNow());
        Assert.False(await desk.IsInDropAsync("jo.pdf"));
        var receipt = await desk.App.Http.GetFromJsonAsync<JsonElement>($"certificates/nl/{key}", Cancellation);
        Assert.Equal(("accepted", 4711), (receipt.GetProperty("state").GetString(), receipt.GetProperty("certificateId").GetInt64()));
        Assert.Empty(desk.AtSpringest);
    }

    [Fact]
    public async Task A_refusal_that_was_closed_is_opened_again_unless_it_has_moved_on()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        desk.App.Simulator.Behaviour.Faults.Add(
            new Fault { Method = "POST", Status = 422, Body = """{"errors":{"email":["is unknown"]}}""", Times = 1 });
        await desk.DropAsync("jo.pdf");
        await desk.SweepAsync();
        var key = (await desk.Ledger.ListAsync(SubmissionState.Rejected, "nl", Cancellation).SingleAsync(Cancellation)).RowKey;

        Assert.Equal(HttpStatusCode.Conflict, await DecideAsync(desk, $"{key}/reopen"));
        Assert.Equal(HttpStatusCode.NoContent, await DecideAsync(desk, $"{key}/dismiss"));
        Assert.Equal(HttpStatusCode.NoContent, await DecideAsync(desk, $"{key}/reopen"));
        Assert.Equal(HttpStatusCode.Conflict, await DecideAsync(desk, $"{key}/reopen"));
        Assert.Equal(HttpStatusCode.NoContent, await DecideAsync(desk, $"{key}/dismiss"));
        await desk.DropAsync("jo.pdf", CertificateDesk.Pdf("made anew"));
        await desk.SweepAsync();

        Assert.Single(desk.AtSpringest);
        Assert.Equal(HttpStatusCode.Conflict, await DecideAsync(desk, $"{key}/reopen"));
        Assert.Equal(HttpStatusCode.NotFound, await DecideAsync(desk, "0123/reopen"));
    }

    /// <summary>The client asks again, and is refused since the first time was a success.</summary>
    [Fact]
    public async Task What_storage_did_not_answer_is_decided_all_the_same_and_known_by_whom()
    {
        await using var storage = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["AzureWebJobsStorage"] = storage.ConnectionString });
        await desk.DropAsync("jo.pdf", "no pdf"u8.ToArray());
        await desk.SweepAsync();
        var key = (await desk.Ledger.ListAsync(SubmissionState.Rejected, "nl", Cancellation).SingleAsync(Cancellation)).RowKey;

        foreach (var decision in (string[])["dismiss", "reopen", "dismiss"])
        {
            var tries = storage.LoseAnswer(request => StorageProxy.Writes(request, "CertificateSubmissions"));
            Assert.Equal(HttpStatusCode.NoContent, await DecideAsync(desk, $"{key}/{decision}"));
            Assert.True(tries() > 1);
        }

        var one = await desk.App.Http.GetFromJsonAsync<JsonElement>($"certificates/nl/{key}", Cancellation);
        Assert.Equal(
            ["dismiss olga (operator)", "reopen olga (operator)", "dismiss olga (operator)"],
            one.GetProperty("history").EnumerateArray().Select(each => $"{each.GetProperty("kind")} {each.GetProperty("by")}"));
        Assert.Empty(await desk.App.Get<CertificateAttention>().ListAsync(10, Cancellation));
    }

    [Fact]
    public async Task Nothing_is_decided_about_what_is_settled_or_not_there()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("jo.pdf");
        await desk.SweepAsync();
        var key = (await desk.Ledger.ListAsync(SubmissionState.Accepted, "nl", Cancellation).SingleAsync(Cancellation)).RowKey;

        Assert.Equal(HttpStatusCode.Conflict, await DecideAsync(desk, $"{key}/retry"));
        Assert.Equal(HttpStatusCode.Conflict, await DecideAsync(desk, $"{key}/accept?id=1"));
        Assert.Equal(HttpStatusCode.BadRequest, await DecideAsync(desk, $"{key}/accept?id=x"));
        Assert.Equal(HttpStatusCode.NotFound, await DecideAsync(desk, "none/retry"));
        Assert.Equal(HttpStatusCode.BadRequest, (await desk.App.Http.GetAsync("certificates?state=99", Cancellation)).StatusCode);
        Assert.Single(desk.Posts);
    }

    [Fact]
    public async Task An_unknown_outcome_is_resolved_even_when_its_file_is_gone()
    {
        await using var desk = await DoubtAsync("jo.pdf");
        await desk.Drop.GetBlobClient("nl/jo.pdf").DeleteAsync(cancellationToken: Cancellation);
        var key = (await desk.DoubtsAsync().SingleAsync(Cancellation)).RowKey;

        Assert.Equal(HttpStatusCode.NoContent, await DecideAsync(desk, $"{key}/accept?id=4711"));

        var receipt = Assert.Single(await CertificateDesk.NamesAsync(desk.Accepted));
        Assert.StartsWith("nl/jo~", receipt, StringComparison.Ordinal);
        Assert.EndsWith(".pdf.receipt.json", receipt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_gone_cannot_be_sent_again_and_is_in_doubt_no_longer()
    {
        await using var desk = await DoubtAsync("jo.pdf");
        await desk.Drop.GetBlobClient("nl/jo.pdf").DeleteAsync(cancellationToken: Cancellation);
        var key = (await desk.DoubtsAsync().SingleAsync(Cancellation)).RowKey;

        Assert.Equal(HttpStatusCode.Gone, await DecideAsync(desk, $"{key}/retry"));
        Assert.Equal([("nl", SubmissionState.Withdrawn)], (await desk.Ledger.CountAsync(Cancellation)).Keys);

        // Put in anew, under whatever name.
        await desk.DropAsync("again.pdf", metadata: CertificateDesk.Fields(email: CertificateDesk.EmailOf("jo.pdf")));
        await desk.SweepAsync();
        Assert.Equal(Assert.Single(desk.AtSpringest).Id, (await desk.ReceiptAsync("again.pdf"))?.CertificateId);
        Assert.Equal(SubmissionState.Replaced, (await desk.Ledger.FindAsync("nl", key, Cancellation))!.State);
    }

    [Fact]
    public async Task Only_an_operator_decides()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        var answer = await desk.App.Http.PostAsync("manage/certificates/nl/none/retry", null, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static Task<HttpStatusCode> DecideAsync(CertificateDesk desk, string path) => desk.ManageAsync($"certificates/nl/{path}");

    private async Task<CertificateDesk> DoubtAsync(string name)
    {
        var desk = await CertificateDesk.OpenAsync(azurite);
        desk.App.Simulator.Behaviour.Faults.Add(new Fault { Status = 500, Method = "POST", Times = 1 });
        await desk.DropAsync(name);
        await desk.SweepAsync();
        Assert.Empty(desk.AtSpringest);
        return desk;
    }
}

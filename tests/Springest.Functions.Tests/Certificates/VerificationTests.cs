using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Springest.Functions.Certificates.Api;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator.Behaviours;
using Springest.Testing;
using Springest.Testing.Certificates;

namespace Springest.Functions.Tests.Certificates;

/// <summary>Whether Springest has verified what was submitted.</summary>
public sealed class VerificationTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_verified_is_shown_and_not_asked_about_again()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        Hide(desk, 3102);
        await desk.DropAsync("a.pdf");
        await desk.DropAsync("b.pdf");
        await desk.DropAsync("end.pdf", metadata: CertificateDesk.Fields("3102", until: "2030-01-01"));
        await desk.SweepAsync();
        Assert.Equal((3, 3), await FiguresAsync(desk));

        await desk.App.FireAsync("VerifyCertificates");
        Assert.Equal((3, 1), await FiguresAsync(desk));
        var before = desk.App.Simulator.Requests.Count;
        await desk.App.FireAsync("VerifyCertificates");
        Assert.Equal(before + 1, desk.App.Simulator.Requests.Count);
        var listed = await ListAsync(desk);
        Assert.Equal(["end.pdf"], listed.Where(row => row["verification"] is null).Select(row => row["file"]!.GetValue<string>()[3..]));
        Assert.All(
            listed.Where(row => row["verification"] is not null),
            row => Assert.Equal("verified", row["verification"]!.GetValue<string>()));
        Assert.Equal(2, listed.Count(row => row["verifiedAt"] is not null));

        Show(desk, 3102);
        await desk.App.FireAsync("VerifyCertificates");
        Assert.Equal((3, 0), await FiguresAsync(desk));
        before = desk.App.Simulator.Requests.Count;
        await desk.App.FireAsync("VerifyCertificates");
        Assert.Equal(before, desk.App.Simulator.Requests.Count);
    }

    [Fact]
    public async Task What_Springest_calls_otherwise_is_shown_and_not_taken_for_verified()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("a.pdf");
        await desk.SweepAsync();
        var listed =
            $$"""
            { "id": {{Assert.Single(desk.AtSpringest).Id}}, "certification_id": 3101, "valid_from": "2026-01-15", "status": "rejected" }
            """;
        desk.App.Simulator.Behaviour.Faults.Add(
            new Fault
            {
                Method = "GET",
                Path = "/users/certificates",
                Status = 200,
                Times = 1,
                Body = $$"""{ "meta": { "results": 1 }, "certificates": [{{listed}}] }""",
            });

        await desk.App.FireAsync("VerifyCertificates");
        var row = Assert.Single(await ListAsync(desk));
        Assert.Equal(("rejected", null), (row["verification"]!.GetValue<string>(), row["verifiedAt"]));
        Assert.Equal((1, 1), await FiguresAsync(desk));

        await desk.App.FireAsync("VerifyCertificates");
        Assert.Equal((1, 0), await FiguresAsync(desk));
    }

    /// <summary>Springest's list goes by when a certificate was made, which may be long before it was known to have arrived.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_doubt_that_was_settled_days_later_is_seen_verified(bool byPerson)
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        (world.Springest.IsVerified, world.Springest.LosesAnswers) = (false, true);
        await world.DropAsync("nl/3101_jo@example.test_2026-01-15.pdf", SamplePdf.Create("Jo"), []);
        await world.Instances[0].SweepAsync();
        var doubt = await world.Ledger.ListAsync(SubmissionState.OutcomeUnknown, "nl", Cancellation).SingleAsync(Cancellation);
        world.Clock.Advance(TimeSpan.FromDays(5));

        if (byPerson)
            await world.Office.Get<CertificateDecisions>().AcceptAsync("nl", doubt.RowKey, 44001, null, Cancellation);
        world.Springest.IsVerified = true;
        await world.Instances[0].VerifyAsync();

        var row = (await world.Ledger.FindAsync("nl", doubt.RowKey, Cancellation))!;
        Assert.Equal((SubmissionState.Accepted, 44001, "verified"), (row.State, row.CertificateId, row.Verification));
        Assert.Equal(world.Clock.GetUtcNow(), row.VerifiedAt);
        Assert.Equal(0, await world.Ledger.CountUnverifiedAsync("nl", Cancellation));
    }

    [Fact]
    public async Task One_list_for_each_certification_however_many_certificates()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        for (var i = 0; i < 35; i++)
            await desk.DropAsync($"{i}.pdf");
        await desk.SweepAsync();
        var before = desk.App.Simulator.Requests.Count;

        await desk.App.FireAsync("VerifyCertificates");

        // 30 to a page.
        Assert.Equal(before + 2, desk.App.Simulator.Requests.Count);
        Assert.Equal((35, 0), await FiguresAsync(desk));
    }

    [Fact]
    public async Task Springest_s_trouble_costs_one_round_only()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["Springest:Sites:nl:Retries"] = "0" });
        await desk.DropAsync("a.pdf");
        await desk.SweepAsync();
        desk.App.Simulator.Behaviour.Faults.Add(new Fault { Method = "GET", Status = 503, Times = 1 });

        await desk.App.FireAsync("VerifyCertificates");
        Assert.Equal((1, 1), await FiguresAsync(desk));
        await desk.App.FireAsync("VerifyCertificates");
        Assert.Equal((1, 0), await FiguresAsync(desk));
    }

    [Fact]
    public async Task The_ledger_is_read_page_by_page()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        for (var i = 0; i < 7; i++)
        {
            await desk.DropAsync($"{i}.pdf");
            await desk.SweepAsync();
        }

        var (files, pages, cursor) = (new List<string>(), 0, "");
        do
        {
            var page = (await desk.App.Http.GetFromJsonAsync<JsonNode>($"certificates?state=accepted&top=3{cursor}", Cancellation))!;
            files.AddRange(page["items"]!.AsArray().Select(row => row!["file"]!.GetValue<string>()));
            Assert.True(page.AsObject().ContainsKey("cursor"));
            cursor = page["cursor"] is { } next ? $"&cursor={next.GetValue<string>()}" : null;
            pages++;
        }
        while (cursor is not null);

        Assert.Equal(3, pages);
        Assert.Equal(["nl/6.pdf", "nl/5.pdf", "nl/4.pdf", "nl/3.pdf", "nl/2.pdf", "nl/1.pdf", "nl/0.pdf"], files);
    }

    [Theory]
    [InlineData("state=accepted&top=0")]
    [InlineData("state=accepted&top=201")]
    [InlineData("state=accepted&top=x")]
    [InlineData("state=accepted&site=fr")]
    [InlineData("state=accepted&cursor=!")]
    [InlineData("state=accepted&cursor=bmw")]
    [InlineData("state=accepted&cursor=bmx8UmVqZWN0ZWQtMQ")]
    [InlineData("state=")]
    [InlineData("")]
    public async Task A_question_that_makes_no_sense_is_refused(string query)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, mirrored: false);

        using var answer = await desk.App.Http.GetAsync($"certificates?{query}", Cancellation);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static async Task<(int Accepted, int Unverified)> FiguresAsync(CertificateDesk desk)
    {
        var status = await desk.App.Http.GetFromJsonAsync<JsonElement>("status", Cancellation);
        var accepted = status.GetProperty("sites")[0].GetProperty("certificates").EnumerateArray().Single();
        Assert.Equal(nameof(SubmissionState.Accepted), accepted.GetProperty("state").GetString());
        return (accepted.GetProperty("count").GetInt32(), accepted.GetProperty("unverified").GetInt32());
    }

    private static async Task<List<JsonObject>> ListAsync(CertificateDesk desk)
        => [
            .. (await desk.App.Http.GetFromJsonAsync<JsonNode>("certificates?state=accepted&site=nl", Cancellation))!["items"]!
                .AsArray()
                .Select(row => row!.AsObject()),
        ];

    // Springest lists a certificate once somebody there has verified its certification.
    private static void Hide(CertificateDesk desk, long certification)
        => desk.App.Simulator.Catalogue.Certifications.Show(certification, visible: false);

    private static void Show(CertificateDesk desk, long certification)
        => desk.App.Simulator.Catalogue.Certifications.Show(certification, visible: true);
}

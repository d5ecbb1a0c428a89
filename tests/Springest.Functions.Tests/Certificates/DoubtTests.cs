using System.Net;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator.Behaviours;

namespace Springest.Functions.Tests.Certificates;

/// <summary>What was sent and never answered: asked about, told apart, or left to a person; never sent twice.</summary>
public sealed class DoubtTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(FaultKind.Close, 0)]
    [InlineData(FaultKind.Answer, 500)]
    [InlineData(FaultKind.Answer, 502)]
    [InlineData(FaultKind.Truncate, 0)]
    public async Task A_lost_answer_is_asked_for(FaultKind kind, int status)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        desk.App.Simulator.Behaviour.Faults.Add(
            new Fault
            {
                Kind = kind,
                Status = status,
                Method = "POST",
                AfterHandling = true,
                Times = 1,
            });

        await desk.DropAsync("jo.pdf");
        await desk.SweepAsync();

        var posted = Assert.Single(desk.AtSpringest);
        Assert.Equal(posted.Id, (await desk.ReceiptAsync("jo.pdf"))?.CertificateId);
        Assert.Single(desk.Posts);
    }

    [Fact]
    public async Task Lost_answers_about_one_person_are_told_apart()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["Springest:Sites:nl:Retries"] = "0" });
        desk.App.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Close, Method = "POST", AfterHandling = true, Times = 2 });
        desk.App.Simulator.Behaviour.Faults.Add(new Fault { Method = "GET", Status = 500, Times = 2 });
        for (var i = 1; i <= 2; i++)
            await desk.DropAsync($"{i}.pdf", metadata: CertificateDesk.Fields(booking: $"{i}"));

        await desk.SweepAsync();
        Assert.Equal(2, await desk.DoubtsAsync().CountAsync(Cancellation));
        desk.App.Simulator.Behaviour.Faults.Clear();
        await desk.App.FireAsync("VerifyCertificates");
        await desk.SweepAsync();

        Assert.Equal(2, desk.Posts.Count);
        var ids = await desk
            .Ledger.ListAsync(SubmissionState.Accepted, "nl", Cancellation)
            .Select(row => row.CertificateId!.Value)
            .Order()
            .ToListAsync(Cancellation);
        Assert.Equal(desk.AtSpringest.Select(posted => posted.Id).Order(), ids);
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
    }

    [Fact]
    public async Task What_cannot_be_told_waits_for_a_person()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        desk.App.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Close, Method = "POST", Times = 1 });

        await desk.DropAsync("jo.pdf");
        for (var i = 0; i < 3; i++)
            await desk.SweepAsync();

        Assert.Single(desk.Posts);
        Assert.Empty(desk.AtSpringest);
        Assert.True(await desk.IsInDropAsync("jo.pdf"));
        var doubted = await desk.DoubtsAsync().SingleAsync(Cancellation);
        Assert.Equal((SubmissionState.OutcomeUnknown, Reason.OutcomeUnknown, "nl/jo.pdf"), (doubted.State, doubted.Code, doubted.Blob));
    }

    [Fact]
    public async Task What_is_corrected_while_its_outcome_is_unknown_makes_no_second_certificate()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        desk.App.Simulator.Behaviour.Faults.Add(
            new Fault
            {
                Status = 500,
                Method = "POST",
                Times = 1,
            });
        await desk.App.DropAsync(
            "jo.pdf.json",
            """{ "certification_id": 3101, "email": "jo@example.test", "valid_from": "2026-01-15" }"""u8.ToArray());
        await desk.DropAsync("jo.pdf", metadata: []);
        await desk.SweepAsync();

        await desk.App.DropAsync(
            "jo.pdf.json",
            """{ "certification_id": 3101, "email": "an@example.test", "valid_from": "2026-01-15" }"""u8.ToArray());
        await desk.SweepAsync();
        Assert.Single(desk.Posts);
        var doubted = await desk.DoubtsAsync().SingleAsync(Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, await desk.ManageAsync($"certificates/nl/{doubted.RowKey}/retry"));

        Assert.Equal("jo@example.test", Assert.Single(desk.AtSpringest).Fields["email"]);
        Assert.Equal("jo@example.test", (await desk.ReceiptAsync("jo.pdf"))?.Email);
    }

    [Fact]
    public async Task Another_certificate_of_the_same_person_is_not_taken_for_it()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("scan.pdf", metadata: CertificateDesk.Fields(booking: "1"));
        await desk.SweepAsync();
        desk.App.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Close, Method = "POST", Times = 1 });

        await desk.DropAsync("better scan.pdf", metadata: CertificateDesk.Fields(booking: "2"));
        await desk.SweepAsync();

        Assert.Equal("nl/better scan.pdf", (await desk.DoubtsAsync().SingleAsync(Cancellation)).Blob);
        Assert.Null(await desk.ReceiptAsync("better scan.pdf"));
    }

    [Theory]
    [InlineData(
        """{ "id": 777, "certification_id": 3101, "valid_from": "2026-01-15", "user": { "email": "somebody.else@example.test" } }"""
    )]
    // Whose it is it does not say.
    [InlineData("""{ "id": 777, "certification_id": 3101, "valid_from": "2026-01-15" }""")]
    public async Task Another_person_s_certificate_is_not_taken_for_it(string listed)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        desk.App.Simulator.Behaviour.Faults.Add(
            new Fault
            {
                Kind = FaultKind.Close,
                Method = "POST",
                Times = 1,
            });
        desk.App.Simulator.Behaviour.Faults.Add(
            new Fault
            {
                Method = "GET",
                Path = "/users/certificates",
                Status = 200,
                Body = $$"""{ "meta": { "results": 1 }, "certificates": [{{listed}}] }""",
            });

        await desk.DropAsync("jo.pdf");
        await desk.SweepAsync();

        Assert.Equal("nl/jo.pdf", (await desk.DoubtsAsync().SingleAsync(Cancellation)).Blob);
        Assert.Null(await desk.ReceiptAsync("jo.pdf"));
        Assert.Contains(
            desk.App.Simulator.Requests.Snapshot(),
            request => request.Path.StartsWith("/users/certificates", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_whose_number_Springest_kept_to_itself_is_not_taken_for_another()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        desk.App.Simulator.Behaviour.Faults.Add(new Fault { Method = "POST", Status = 201, Body = "{}", AfterHandling = true, Times = 1 });
        await desk.DropAsync("scan.pdf", metadata: CertificateDesk.Fields(booking: "1"));
        await desk.SweepAsync();
        Assert.Equal(
            ("accepted", null),
            ((await desk.ReceiptAsync("scan.pdf"))?.State, (await desk.ReceiptAsync("scan.pdf"))?.CertificateId));
        desk.App.Simulator.Behaviour.Faults.Add(
            new Fault
            {
                Kind = FaultKind.Close,
                Method = "POST",
                Times = 1,
            });

        await desk.DropAsync("better scan.pdf", metadata: CertificateDesk.Fields(booking: "2"));
        await desk.SweepAsync();

        Assert.Equal("nl/better scan.pdf", (await desk.DoubtsAsync().SingleAsync(Cancellation)).Blob);
        Assert.Null(await desk.ReceiptAsync("better scan.pdf"));

        await desk.DropAsync("again.pdf", metadata: CertificateDesk.Fields(booking: "1"));
        await desk.SweepAsync();
        Assert.Equal(
            "This certificate was submitted before, from the file 'nl/scan.pdf'. Nothing was submitted again.",
            (await desk.RejectionAsync("again.pdf"))?.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_instance_that_vanished_leaves_a_question_and_no_second_request(bool hadArrived)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["Springest:Certificates:LeaseDuration"] = "00:00:01" });
        // The request hangs, with or without having been carried out, until its lease is over.
        desk.App.Simulator.Behaviour.Faults.Add(
            new Fault
            {
                Kind = FaultKind.Stall,
                Method = "POST",
                AfterHandling = hadArrived,
                Times = 1,
            });

        await desk.DropAsync("jo.pdf");
        // On a busy machine a lease may be over before anything is sent, which a later sweep does.
        await Eventually.BeAsync(async () =>
        {
            await desk.SweepAsync();
            await desk.SweepAsync();
            await desk.App.FireAsync("VerifyCertificates");
            await desk.SweepAsync();
            return await desk.ReceiptAsync("jo.pdf") is not null || (!hadArrived && await desk.DoubtsAsync().AnyAsync(Cancellation));
        });

        Assert.Single(desk.Posts);
        Assert.Equal(hadArrived, await desk.ReceiptAsync("jo.pdf") is not null);
        Assert.Equal(hadArrived ? 0 : 1, await desk.DoubtsAsync().CountAsync(Cancellation));
    }
}

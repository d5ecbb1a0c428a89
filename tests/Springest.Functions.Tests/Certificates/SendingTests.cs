using System.Globalization;
using System.Net;
using Springest.Functions.Certificates.Api;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Certificates.Submission;
using Springest.Testing;
using Springest.Testing.Certificates;

namespace Springest.Functions.Tests.Certificates;

/// <summary>
/// What is not sent while Springest takes nothing, or somebody has stopped it, on a clock that the tests move on. FILES says how many files
/// there are.
/// </summary>
public sealed class SendingTests
{
    private const int ProbesInThreeDays = 300;
    private const int DoubtsInThreeHours = 20;

    private static readonly int _files = Variable.Number("FILES", 20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_that_is_wrong_for_days_costs_probes_and_no_order()
    {
        // Each of more than 800 sweeps looks at all of them.
        const int Few = 5;
        await using var world = await OpenAsync(files: Few);
        world.Springest.Judge = _ => MemorySpringest.Text(HttpStatusCode.Unauthorized, """{"error":"Unauthorized"}""");

        await SweepAsync(world, times: 3 * 24 * 12, TimeSpan.FromMinutes(5));
        Assert.InRange(world.Springest.Posts, 10, ProbesInThreeDays);
        Assert.Equal(Few, (await world.Ledger.CountAsync(Cancellation))[("nl", SubmissionState.Held)]);
        Assert.Contains(await ToDoAsync(world), note => note.Reason.Contains("(status 401)", StringComparison.Ordinal));

        world.Springest.Judge = null;
        await SweepAsync(world, times: 8, TimeSpan.FromMinutes(5));
        AssertAllTaken(world, Few);
        Assert.Empty(await ToDoAsync(world));
    }

    [Theory]
    [InlineData("blank")]
    [InlineData("html")]
    [InlineData("502")]
    [InlineData("reset")]
    public async Task An_outage_that_tells_nothing_leaves_few_doubts(string kind)
    {
        await using var world = await OpenAsync();
        world.Springest.Judge = _ => kind switch
        {
            "blank" => MemorySpringest.Text(HttpStatusCode.OK, " "),
            "html" => MemorySpringest.Text(HttpStatusCode.OK, "<html><body>Maintenance</body></html>"),
            "502" => MemorySpringest.Text(HttpStatusCode.BadGateway, "<html>"),
            _ => throw new HttpRequestException(HttpRequestError.ResponseEnded),
        };

        await SweepAsync(world, times: 180, TimeSpan.FromMinutes(1));
        var doubts = await world.Ledger.ListAsync(SubmissionState.OutcomeUnknown, "nl", Cancellation).CountAsync(Cancellation);
        Assert.InRange(doubts, 2, DoubtsInThreeHours);
        Assert.Equal(doubts, world.Springest.Posts);

        world.Springest.Judge = null;
        await SweepAsync(world, times: 20, TimeSpan.FromMinutes(1));
        Assert.Equal(_files - doubts, world.Springest.Certificates.Count);
        // Asking once more finds nothing, and nothing is sent again.
        await world.Instances[0].VerifyAsync();
        await SweepAsync(world, times: 5, TimeSpan.FromHours(3));
        Assert.Equal(_files, world.Springest.Posts);
    }

    [Fact]
    public async Task A_key_that_may_not_send_some_certifications_sends_the_others()
    {
        long[] certifications = [.. Enumerable.Range(3101, 10)];
        await using var world = await OpenAsync(certifications);
        world.Springest.Judge = posted => long.Parse(posted.Fields["certification_id"], CultureInfo.InvariantCulture) < 3104
            ? null
            : MemorySpringest.Text(HttpStatusCode.Forbidden, """{"error":"Forbidden"}""");

        await SweepAsync(world, times: 240, TimeSpan.FromMinutes(1));

        Assert.Equal(Enumerable.Range(0, _files).Count(file => file % 10 < 3), world.Springest.Certificates.Count);
        Assert.All(world.Springest.Certificates, each => Assert.InRange(each.Fields["certification_id"], "3101", "3103"));
        Assert.Equal(7, (await ToDoAsync(world)).Count(note => note.Subject.StartsWith("31", StringComparison.Ordinal)));
        var rejected = await world.Ledger.ListAsync(SubmissionState.Rejected, "nl", Cancellation).CountAsync(Cancellation);
        var ready = await world.Ledger.ListAsync(SubmissionState.Ready, "nl", Cancellation).CountAsync(Cancellation);
        Assert.Equal(_files - world.Springest.Certificates.Count, rejected + ready);
        // A right that was given later is noticed.
        world.Springest.Judge = null;
        await SweepAsync(world, times: 40, TimeSpan.FromMinutes(1));
        Assert.Equal(_files - rejected, world.Springest.Certificates.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task A_key_that_expires_in_mid_batch_rejects_nothing(HttpStatusCode status)
    {
        await using var world = await OpenAsync([.. Enumerable.Range(3101, 10)]);
        world.Springest.Judge = _ => world.Springest.Certificates.Count < 12 ? null : MemorySpringest.Text(status, """{"error":"No"}""");

        await SweepAsync(world, times: 300, TimeSpan.FromMinutes(1));
        Assert.Equal(12, world.Springest.Certificates.Count);
        Assert.InRange(world.Springest.Posts, 13, 60);
        Assert.Empty(await world.Ledger.ListAsync(SubmissionState.Rejected, "nl", Cancellation).ToListAsync(Cancellation));

        world.Springest.Judge = null;
        await SweepAsync(world, times: 60, TimeSpan.FromMinutes(1));
        AssertAllTaken(world);
    }

    [Fact]
    public async Task Stop_is_obeyed_at_the_next_certificate_and_start_goes_on()
    {
        await using var world = await OpenAsync();
        var gate = world.Office.Get<SendingGate>();
        var stopped = 0;
        world.Instances[0].Wire.Watch = request =>
        {
            if (stopped > 0 || world.Springest.Posts < 5)
                return;
            stopped = world.Springest.Posts;
            Stop(gate);
        };

        await SweepAsync(world, times: 10, TimeSpan.FromMinutes(1));
        Assert.InRange(world.Springest.Posts, stopped, stopped + 1);
        Assert.Equal(
            _files - world.Springest.Posts,
            await world.Ledger.ListAsync(SubmissionState.Ready, "nl", Cancellation).CountAsync(Cancellation));
        Assert.Contains(await ToDoAsync(world), note => note.Kind == "sending-stopped");

        await gate.StartAsync("nl", Cancellation);
        await SweepAsync(world, times: 2, TimeSpan.FromMinutes(1));
        AssertAllTaken(world);
    }

    [Fact]
    public async Task A_deployment_can_begin_stopped()
    {
        await using var world = await OpenAsync(settings: new() { ["Springest:Certificates:StartStopped"] = "true" });
        await SweepAsync(world, times: 3, TimeSpan.FromMinutes(1));
        Assert.Equal(0, world.Springest.Posts);
        var ready = await world.Ledger.ListAsync(SubmissionState.Ready, "nl", Cancellation).FirstAsync(Cancellation);
        Assert.Equal(Reason.SendingStopped, ready.Code);

        await world.Office.Get<SendingGate>().StartAsync("nl", Cancellation);
        await SweepAsync(world, times: 1, TimeSpan.FromMinutes(1));
        AssertAllTaken(world);
    }

    [Fact]
    public async Task A_certificate_that_is_held_tells_why_it_waits_now()
    {
        await using var world = await OpenAsync(files: 2);
        var gate = world.Office.Get<SendingGate>();
        await gate.StopAsync("nl", null, null, Cancellation);
        await SweepAsync(world, times: 1, TimeSpan.FromHours(25));
        await SweepAsync(world, times: 1, TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await ToDoAsync(world)).Count(note => note is { Kind: "certificate-held", Code: Reason.SendingStopped }));

        world.Springest.Judge = _ => MemorySpringest.Text(HttpStatusCode.Unauthorized, """{"error":"Unauthorized"}""");
        await gate.StartAsync("nl", Cancellation);
        await SweepAsync(world, times: 2, TimeSpan.FromSeconds(10));

        Assert.Equal(2, (await ToDoAsync(world)).Count(note => note is { Kind: "certificate-held", Code: Reason.WaitingForSite }));
    }

    [Fact]
    public async Task What_there_is_to_do_takes_a_few_requests_however_many_rows_there_are()
    {
        await using var world = await OpenAsync();
        world.Springest.Judge = posted => world.Springest.Certificates.Count < _files / 2
            ? null
            : MemorySpringest.Text(HttpStatusCode.BadGateway, "<html>");
        await SweepAsync(world, times: 60, TimeSpan.FromMinutes(1));
        await ToDoAsync(world);

        var requests = new List<string>();
        world.Office.Wire.Watch = request => requests.Add($"{request.Method} {request.RequestUri!.AbsolutePath}");
        Assert.NotEmpty(await ToDoAsync(world));
        Assert.InRange(requests.Count, 1, 5);
        requests.Clear();
        Assert.Equal(_files / 2, (await world.Ledger.CountAsync(Cancellation))[("nl", SubmissionState.Accepted)]);
        Assert.Single(requests);
        requests.Clear();
        Assert.Single(await world.Ledger.SearchAsync("nl", "p1@example.test", null, null, Cancellation).ToListAsync(Cancellation));
        Assert.InRange(requests.Count, 1, 2);
    }

    private static async Task<CertificateWorld> OpenAsync(
        long[]? certifications = null, Dictionary<string, string?>? settings = null, int? files = null)
    {
        var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1, settings, certifications: certifications);
        for (var i = 0; i < (files ?? _files); i++)
        {
            var certification = certifications is null ? 3101 : certifications[i % certifications.Length];
            await world.DropAsync($"nl/{certification}_p{i}@example.test_2026-01-15.pdf", SamplePdf.Create($"{i}"), []);
        }

        return world;
    }

    private static void Stop(SendingGate gate) => gate.StopAsync("nl", null, null, Cancellation).GetAwaiter().GetResult();

    private static async Task SweepAsync(CertificateWorld world, int times, TimeSpan pause)
    {
        for (var i = 0; i < times; i++)
        {
            await world.Instances[0].SweepAsync();
            world.Clock.Advance(pause);
        }
    }

    private static Task<IReadOnlyList<AttentionNote>> ToDoAsync(CertificateWorld world)
        => world.Office.Get<CertificateAttention>().ListAsync(200, Cancellation);

    private static void AssertAllTaken(CertificateWorld world, int? files = null)
    {
        Assert.Equal(files ?? _files, world.Springest.Certificates.Count);
        Assert.Equal(files ?? _files, world.Springest.Certificates.Select(each => each.Fields["email"]).Distinct().Count());
    }
}

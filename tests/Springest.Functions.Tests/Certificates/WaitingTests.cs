using System.Text;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Api;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Testing;
using Springest.Testing.Certificates;

namespace Springest.Functions.Tests.Certificates;

/// <summary>What is not all there yet: how long it is waited for, on a clock that the tests move on.</summary>
public sealed class WaitingTests
{
    private const string Named = "nl/3101_jo@example.test_2026-01-15.pdf";

    private static readonly byte[] _pdf = SamplePdf.Create("x");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Mounted drives and SFTP clients make an empty file first; that is an event of its own.</summary>
    [Fact]
    public async Task An_empty_file_is_given_a_minute_to_be_filled()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await world.DropAsync(Named, [], []);

        await world.Instances[0].TakeInAsync(Named);
        await world.Instances[0].SweepAsync();
        Assert.Equal(Reason.StillBeingWritten, (await WaitingAsync(world)).Code);

        await world.DropAsync(Named, _pdf, []);
        await world.Instances[0].TakeInAsync(Named);
        Assert.Single(world.Springest.Certificates);
        Assert.Contains($"{Named}.receipt.json", (await CertificateWorld.BlobsAsync(world.Containers.Accepted)).Keys);
    }

    [Fact]
    public async Task A_file_that_stays_empty_is_refused()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await world.DropAsync(Named, [], []);
        await world.Instances[0].SweepAsync();

        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.Instances[0].SweepAsync();

        Assert.Equal(Reason.FileEmpty, (await RejectionAsync(world, Named))?.Code);
        Assert.Empty(world.Springest.Certificates);
    }

    [Fact]
    public async Task An_empty_sidecar_is_given_a_minute_too()
    {
        await using var world = await OpenAsync();
        foreach (var name in (string[])[Named, "nl/an.pdf"])
        {
            await world.DropAsync($"{name}.json", [], []);
            await world.DropAsync(name, SamplePdf.Create(name), []);
            await world.Instances[0].TakeInAsync(name);
        }

        Assert.Empty(world.Springest.Certificates);
        await world.DropAsync(
            $"{Named}.json",
            """{ "certification_id": 3101, "email": "sidecar@example.test", "valid_from": "2026-01-15" }"""u8.ToArray(),
            []);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.Instances[0].SweepAsync();

        Assert.Equal("sidecar@example.test", Assert.Single(world.Springest.Certificates).Fields["email"]);
        Assert.Equal(Reason.SidecarUnreadable, (await RejectionAsync(world, "nl/an.pdf"))?.Code);
    }

    /// <summary>As after an outage of the app: the sweep has listed both before it moves the first.</summary>
    [Fact]
    public async Task A_sidecar_that_is_moved_with_its_file_is_not_refused_however_old_it_is()
    {
        await using var world = await OpenAsync();
        await world.DropAsync("nl/jo.pdf", _pdf, []);
        await world.DropAsync(
            "nl/jo.pdf.json",
            """{ "certification_id": 3101, "email": "jo@example.test", "valid_from": "2026-01-15" }"""u8.ToArray(),
            []);
        world.Clock.Advance(TimeSpan.FromHours(2));

        await world.Instances[0].SweepAsync();

        Assert.Single(world.Springest.Certificates);
        Assert.Empty(await CertificateWorld.BlobsAsync(world.Containers.Rejected));
        Assert.Equal(
            ["nl/jo.pdf", "nl/jo.pdf.json", "nl/jo.pdf.receipt.json"],
            (await CertificateWorld.BlobsAsync(world.Containers.Accepted)).Keys);
        Assert.Empty(await world.Ledger.ListAsync(SubmissionState.Rejected, "nl", Cancellation).ToListAsync(Cancellation));
    }

    /// <summary>By far most often it has the wrong name.</summary>
    [Theory]
    [InlineData("nl/e.json")]
    [InlineData("nl/class/.json")]
    public async Task A_sidecar_whose_file_never_comes_is_refused(string sidecar)
    {
        await using var world = await OpenAsync();
        await world.DropAsync(
            sidecar,
            """{ "certification_id": 3101, "email": "jo@example.test", "valid_from": "2026-01-15" }"""u8.ToArray(),
            []);
        await world.DropAsync("nl/waits.pdf", [], []);
        await world.DropAsync("nl/waits.pdf.json", "{}"u8.ToArray(), []);

        world.Clock.Advance(TimeSpan.FromMinutes(59));
        await world.DropAsync("nl/waits.pdf", [], []);
        await world.Instances[0].SweepAsync();
        Assert.Empty(await CertificateWorld.BlobsAsync(world.Containers.Rejected));

        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.DropAsync("nl/waits.pdf", [], []);
        await world.Instances[0].SweepAsync();
        Assert.Equal(Reason.SidecarWithoutFile, (await RejectionAsync(world, sidecar))?.Code);
        Assert.Equal(["nl/waits.pdf", "nl/waits.pdf.json"], (await CertificateWorld.BlobsAsync(world.Containers.Drop)).Keys);
    }

    /// <summary>The reports of rejected files have the names of sidecars.</summary>
    [Fact]
    public async Task A_report_that_comes_along_with_a_file_put_back_is_removed()
    {
        await using var world = await OpenAsync();
        await world.DropAsync("nl/jo.pdf", _pdf, Fields("soon"));
        await world.Instances[0].SweepAsync();
        Assert.Equal(Reason.ValidUntilInvalid, (await RejectionAsync(world, "nl/jo.pdf"))?.Code);

        foreach (var (name, content) in await CertificateWorld.BlobsAsync(world.Containers.Rejected))
            await world.DropAsync(name, content, name == "nl/jo.pdf" ? Fields("2029-01-15") : []);
        await world.DropAsync("nl/an.pdf.receipt.json", "{}"u8.ToArray(), []);
        world.Clock.Advance(TimeSpan.FromMinutes(61));
        await world.Instances[0].SweepAsync();

        Assert.Empty(await CertificateWorld.BlobsAsync(world.Containers.Drop));
        Assert.Single(world.Springest.Certificates);
        Assert.Empty(await world.Office.Get<CertificateAttention>().ListAsync(10, Cancellation));

        static Dictionary<string, string> Fields(string until) => new()
        {
            ["certification_id"] = "3101",
            ["email"] = "jo@example.test",
            ["valid_from"] = "2026-01-15",
            ["valid_until"] = until,
        };
    }

    [Fact]
    public async Task A_lone_file_that_nothing_speaks_for_is_refused_within_minutes()
    {
        await using var world = await OpenAsync();
        await world.DropAsync("nl/deep/er.pdf", _pdf, []);
        await world.DropAsync("nl/jo.pdf", _pdf, []);
        await world.Instances[0].SweepAsync();
        Assert.Empty(await CertificateWorld.BlobsAsync(world.Containers.Rejected));

        // What comes elsewhere, or says itself what it is for, does not keep it waiting.
        world.Clock.Advance(TimeSpan.FromMinutes(4));
        await world.DropAsync("nl/deep/later.pdf", _pdf, []);
        await world.DropAsync(Named, _pdf, []);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.Instances[0].TakeInAsync("nl/jo.pdf");
        await world.Instances[0].SweepAsync();

        Assert.Equal(Reason.MetadataMissing, (await RejectionAsync(world, "nl/jo.pdf"))?.Code);
        Assert.Equal(["nl/deep/er.pdf", "nl/deep/later.pdf"], (await CertificateWorld.BlobsAsync(world.Containers.Drop)).Keys);
    }

    [Fact]
    public async Task An_upload_may_take_long_and_its_list_come_last()
    {
        await using var world = await OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            await world.DropAsync($"nl/class/{i}.pdf", SamplePdf.Create($"{i}"), []);
            await world.Instances[0].TakeInAsync($"nl/class/{i}.pdf");
            world.Clock.Advance(TimeSpan.FromMinutes(1));
            await world.Instances[0].SweepAsync();
        }

        await world.DropAsync("nl/class/manifest.csv", List(20), []);
        await world.Instances[0].SweepAsync();
        await world.Instances[0].SweepAsync();

        Assert.Equal(20, world.Springest.Certificates.Count);
        Assert.Empty(await CertificateWorld.BlobsAsync(world.Containers.Rejected));
        Assert.Empty(await CertificateWorld.BlobsAsync(world.Containers.Drop));
    }

    [Fact]
    public async Task A_folder_is_looked_through_once_for_all_its_files()
    {
        await using var world = await OpenAsync();
        for (var i = 0; i < 30; i++)
            await world.DropAsync($"nl/class/{i}.pdf", _pdf, []);
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        await world.DropAsync("nl/class/last.pdf", _pdf, []);
        var looks = 0;
        world.Instances[0].Wire.Watch = request =>
            looks += request.RequestUri!.Query.Contains("delimiter", StringComparison.Ordinal)
                && !request.RequestUri.AbsolutePath.EndsWith("-rejected", StringComparison.Ordinal) ? 1 : 0;

        await world.Instances[0].SweepAsync();
        Assert.Equal(1, looks);
        world.Clock.Advance(TimeSpan.FromMinutes(6));
        await world.Instances[0].SweepAsync();
        Assert.Equal(2, looks);
        Assert.Equal(31, (await world.Ledger.CountAsync(Cancellation))[("nl", SubmissionState.Rejected)]);
    }

    [Theory]
    [InlineData("manifest.csv", "file;mail\n0.pdf;jo@example.test\n")]
    [InlineData("spring class.csv", "")]
    public async Task The_files_of_a_refused_list_wait_for_the_corrected_one(string name, string list)
    {
        await using var world = await OpenAsync();
        await world.DropAsync("nl/class/0.pdf", _pdf, []);
        await world.DropAsync($"nl/class/{name}", list == "" ? List(1) : Encoding.UTF8.GetBytes(list), []);
        await world.Instances[0].SweepAsync();
        Assert.NotNull(await RejectionAsync(world, $"nl/class/{name}"));

        world.Clock.Advance(TimeSpan.FromMinutes(50));
        await world.Instances[0].SweepAsync();
        Assert.Equal(Reason.WaitingForList, (await WaitingAsync(world)).Code);
        await world.DropAsync("nl/class/manifest.csv", List(1), []);
        await world.Instances[0].SweepAsync();

        Assert.Single(world.Springest.Certificates);
    }

    [Fact]
    public async Task The_files_of_a_refused_list_are_refused_if_nobody_corrects_it()
    {
        await using var world = await OpenAsync();
        await world.DropAsync("nl/class/0.pdf", _pdf, []);
        await world.DropAsync("nl/class/manifest.csv", "what?"u8.ToArray(), []);
        await world.Instances[0].SweepAsync();

        world.Clock.Advance(TimeSpan.FromMinutes(61));
        await world.Instances[0].SweepAsync();

        Assert.Equal(Reason.ManifestRefused, (await RejectionAsync(world, "nl/class/0.pdf"))?.Code);
    }

    /// <summary>
    /// The certificates of a class are made anew, say with the right logo, and go up with the list that they went up with before.
    /// </summary>
    [Fact]
    public async Task The_same_list_may_come_with_better_files()
    {
        await using var world = await OpenAsync();
        foreach (var version in (string[])["wrong logo", "right logo"])
        {
            // The list is up first.
            await world.DropAsync("nl/class/manifest.csv", List(3), []);
            await world.Instances[0].SweepAsync();
            for (var i = 0; i < 3; i++)
            {
                world.Clock.Advance(TimeSpan.FromMinutes(3));
                await world.DropAsync($"nl/class/{i}.pdf", SamplePdf.Create($"{i}, {version}"), []);
                await world.Instances[0].SweepAsync();
            }

            world.Clock.Advance(TimeSpan.FromMinutes(6));
            await world.Instances[0].SweepAsync();
            Assert.Empty(await CertificateWorld.BlobsAsync(world.Containers.Drop));
        }

        // What was submitted before is not submitted again, and the second list says under which numbers it was.
        Assert.Equal(3, world.Springest.Certificates.Count);
        var reports = (await CertificateWorld.BlobsAsync(world.Containers.Accepted))
            .Where(blob =>
                blob.Key.Contains("manifest", StringComparison.Ordinal) && blob.Key.EndsWith(".receipt.json", StringComparison.Ordinal))
            .Select(blob =>
                CertificateReport.FromJson(Encoding.UTF8.GetString(blob.Value)).Lines!.Select(line => line.CertificateId!.Value))
            .ToList();
        Assert.Equal(
            [
                [44001, 44002, 44003],
                [44001, 44002, 44003],
            ],
            reports.OrderBy(ids => ids.First()));
    }

    /// <summary>The list of certifications is read once an hour; somebody may have had one verified a moment ago.</summary>
    [Theory]
    [InlineData("3901")]
    [InlineData("Just verified")]
    public async Task An_unknown_certification_is_told_with_the_time_of_the_list(string certification)
    {
        await using var world = await OpenAsync();
        var name = $"nl/{certification}_jo@example.test_2026-01-15.pdf";
        world.Clock.Advance(TimeSpan.FromMinutes(30));
        await world.DropAsync(name, _pdf, []);

        await world.Instances[0].SweepAsync();

        Assert.Contains(
            "when its list was last read (5 January 2026, 09:00).",
            (await RejectionAsync(world, name))!.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_never_verified_is_given_up_after_ReadBackFor()
    {
        await using var world = await OpenAsync();
        world.Springest.IsVerified = false;
        await world.DropAsync(Named, _pdf, []);
        await world.Instances[0].SweepAsync();

        world.Clock.Advance(TimeSpan.FromDays(89));
        await world.Instances[0].VerifyAsync();
        Assert.Equal(1, await world.Ledger.CountUnverifiedAsync("nl", Cancellation));

        world.Clock.Advance(TimeSpan.FromDays(2));
        await world.Instances[0].VerifyAsync();
        Assert.Equal(0, await world.Ledger.CountUnverifiedAsync("nl", Cancellation));
        Assert.Equal(1, (await world.Ledger.CountAsync(Cancellation))[("nl", SubmissionState.Accepted)]);
    }

    /// <summary>However many files wait, looking for those that were taken away does not hold up the sweeps, and gets to its end.</summary>
    [Fact]
    public async Task What_was_taken_away_is_looked_for_a_bit_at_a_time()
    {
        await using var world = await OpenAsync();
        for (var i = 0; i < 20; i++)
            await world.DropAsync($"nl/{i}.pdf", _pdf, []);
        await world.Instances[0].SweepAsync();
        Assert.Equal(20, (await world.Ledger.CountAsync(Cancellation))[("nl", SubmissionState.Waiting)]);
        for (var i = 0; i < 20; i++)
            await world.Containers.Drop.GetBlobClient($"nl/{i}.pdf").DeleteAsync(cancellationToken: Cancellation);

        world.Clock.Advance(TimeSpan.FromMinutes(20));
        var looks = new List<string>();
        world.Instances[0].Wire.Watch = request =>
        {
            if (request.Method != HttpMethod.Head)
                return;
            looks.Add(request.RequestUri!.AbsolutePath);
            world.Clock.Advance(TimeSpan.FromSeconds(10));
        };
        var rounds = 0;
        for (var before = -1; before < looks.Count; rounds++)
        {
            before = looks.Count;
            await world.Instances[0].SweepAsync();
            Assert.InRange(looks.Count - before, 0, 7);
        }

        Assert.InRange(rounds, 4, 6);
        Assert.Equal(20, looks.Distinct().Count());
        Assert.Equal(20, looks.Count);
        Assert.Empty(await world.Ledger.CountAsync(Cancellation));
    }

    /// <summary>One instance with the wait that the app is delivered with.</summary>
    private static Task<CertificateWorld> OpenAsync()
        => CertificateWorld.CreateAsync(
            seed: 1,
            instances: 1,
            new() { ["Springest:Certificates:MetadataWait"] = $"{new CertificatesOptions().MetadataWait}" });

    private static byte[] List(int files)
        => Encoding.UTF8.GetBytes("file;certification_id;email;valid_from\n"
            + string.Concat(Enumerable.Range(0, files).Select(i => $"{i}.pdf;3101;p{i}@example.test;2026-01-15\n")));

    private static ValueTask<LedgerRow> WaitingAsync(CertificateWorld world)
        => world.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).SingleAsync(Cancellation);

    private static async Task<CertificateReport?> RejectionAsync(CertificateWorld world, string name)
        => (await CertificateWorld.BlobsAsync(world.Containers.Rejected)).TryGetValue($"{name}.rejection.json", out var json)
            ? CertificateReport.FromJson(Encoding.UTF8.GetString(json))
            : null;
}

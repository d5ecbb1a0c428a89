using System.Text;
using Springest.Functions.Certificates.Api;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Certificates.Submission;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;
using Springest.Testing.Certificates;

namespace Springest.Functions.Tests.Certificates;

/// <summary>Bulk work: a folder of files and one list that says what each is for.</summary>
public sealed class ManifestTests(AzuriteFixture azurite)
{
    internal const string Header = "file,certification_id,email,valid_from,valid_until,booking_id\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_report_says_that_a_list_was_read_as_Windows_1252()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["Springest:Sites:nl:Language"] = "nl" });
        await desk.App.DropAsync("manifest.csv", Encoding.Latin1.GetBytes($"{Header}Zoë.pdf,3101,jo@example.test,2026-01-05,,\n"));
        await desk.DropAsync("Zoë.pdf", metadata: []);

        await desk.SweepAsync();
        await desk.SweepAsync();

        Assert.Single(desk.AtSpringest);
        var note = (await desk.ReceiptAsync("manifest.csv"))!.Note!;
        Assert.Equal(Reason.ManifestWindows1252, note.Code);
        Assert.StartsWith("De lijst is gelezen als Windows-1252", note.Message, StringComparison.Ordinal);
    }

    /// <summary>Inches, for instance. It opens nothing unless it begins the cell.</summary>
    [Fact]
    public async Task A_quote_within_a_cell_is_part_of_its_text()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync(
            "manifest.csv",
            Utf8(
                "file,certification,email,valid_from\na.pdf,Lift 5\" pijp,jo@example.test,2026-01-05\nb.pdf,\"Projectleider niveau "
                    + "1\",an@example.test,2026-01-05\n"));
        await desk.DropAsync("a.pdf", metadata: []);
        await desk.DropAsync("b.pdf", metadata: []);

        await desk.SweepAsync();

        Assert.Equal("an@example.test", Assert.Single(desk.AtSpringest).Fields["email"]);
        var problem = Assert.Single((await desk.RejectionAsync("a.pdf"))!.Problems!);
        Assert.Equal((Reason.CertificationNameUnknown, 2), (problem.Code, problem.Line));
        Assert.Contains("'Lift 5\" pijp'", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("😀,file\na,a.pdf\n")]
    [InlineData("file,certification,email,valid_from\na.pdf,😀,jo@example.test,2026-01-05\n")]
    [InlineData("file,certification_id,email,valid_from\na.pdf,3101,😀,2026-01-05\n")]
    public async Task A_long_value_is_quoted_without_half_a_letter(string manifest)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var beginning = new string('x', 99);
        await desk.App.DropAsync("manifest.csv", Utf8(manifest.Replace("😀", beginning + "😀 and more", StringComparison.Ordinal)));
        await desk.DropAsync("a.pdf", metadata: []);

        await desk.SweepAsync();

        var rejection = await desk.RejectionAsync("a.pdf") ?? await desk.RejectionAsync("manifest.csv");
        Assert.Contains(beginning + "…", Assert.Single(rejection!.Problems!).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_line_costs_its_own_file_only_and_is_named()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var wrong = new (string Line, string Code)[]
        {
            ("2.pdf,3101,jo@example.test,05/01/2026,,", Reason.DateAmbiguous),
            ("3.pdf,3101,jo@example.test,2026-01-05,2025-01-05,", Reason.ValidUntilTooEarly),
            ("4.pdf,3101,jo@example.test,5-1-26,,", Reason.ValidFromInvalid),
            ("5.pdf,3101,\"jo\nde Vries\",2026-01-05,,", Reason.EmailInvalid),
            ("6.pdf,3101,jo@example.test,2026-01-05,,,,more", Reason.ManifestLineTooLong),
            ("7.pdf,,jo@example.test,2026-01-05,,", Reason.CertificationIdMissing),
            ("8.pdf,3102,jo@example.test,31-12-2026,,", Reason.ValidUntilNeeded),
            ("9.pdf,3101,jo@example.test,2026-01-05,,x", Reason.BookingIdInvalid),
            ("10.pdf,3101,jo@example.test,2026-01-05,,", Reason.ManifestFileTwice),
            ("10.pdf,3101,an@example.test,2026-01-05,,", Reason.ManifestFileTwice),
        };
        var manifest = Header + string.Concat(wrong.Select(line => line.Line + "\n")) + "good.pdf,3101,jo@example.test,15/01/2026,,\n";
        await desk.App.DropAsync("manifest.csv", Utf8(manifest));
        foreach (var name in wrong.Select(line => line.Line.Split(',')[0]).Distinct().Append("good.pdf"))
            await desk.DropAsync(name, metadata: []);

        await desk.SweepAsync();
        await desk.SweepAsync();

        Assert.Equal("2026-01-15", Assert.Single(desk.AtSpringest).Fields["valid_from"]);
        Assert.Single(desk.Posts);
        var number = 2;
        foreach (var (line, code) in wrong)
        {
            if (code != Reason.ManifestFileTwice || number == 11)
            {
                var rejection = await desk.RejectionAsync(line.Split(',')[0]);
                Assert.True(rejection is not null, line);
                var problem = Assert.Single(rejection.Problems!);
                Assert.Equal((line, code, number), (line, problem.Code, problem.Line!.Value));
            }

            number += 1 + line.Count(letter => letter == '\n');
        }

        var report = await desk.RejectionAsync("manifest.csv");
        Assert.Equal(Reason.ManifestFilesRefused, report!.Code);
        Assert.Equal(("good.pdf", "accepted"), (report.Lines![^1].File, report.Lines[^1].State));
        Assert.All(report.Lines.SkipLast(1), line => Assert.Equal("rejected", line.State));
    }

    [Fact]
    public async Task The_list_may_come_after_the_files()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["Springest:Certificates:MetadataWait"] = "00:10:00" });
        await desk.DropAsync("a.pdf", metadata: []);
        await desk.SweepAsync();
        var waiting = await desk.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).SingleAsync(Cancellation);
        Assert.Equal(Reason.WaitingForMetadata, waiting.Code);

        await desk.App.DropAsync("manifest.csv", Utf8(Header + "a.pdf,3101,jo@example.test,2026-01-05,,\n"));
        await desk.SweepAsync();
        await desk.SweepAsync();

        Assert.NotNull(await desk.ReceiptAsync("a.pdf"));
        Assert.NotNull(await desk.ReceiptAsync("manifest.csv"));
        Assert.Equal([("nl", SubmissionState.Accepted)], (await desk.Ledger.CountAsync(Cancellation)).Keys);
    }

    [Fact]
    public async Task The_list_waits_for_its_files_and_says_in_the_end_which_never_came()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync(
            "manifest.csv",
            Utf8(Header + "a.pdf,3101,jo@example.test,2026-01-05,,\nb.pdf,3101,an@example.test,2026-01-05,,\n"));
        await desk.DropAsync("a.pdf", metadata: []);
        await desk.SweepAsync();
        await desk.SweepAsync();
        var waiting = await desk.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).SingleAsync(Cancellation);
        Assert.Equal((Reason.WaitingForFiles, "nl/manifest.csv"), (waiting.Code, waiting.Blob));
        Assert.True(await desk.IsInDropAsync("manifest.csv"));

        await using var impatient = await desk.App.AnotherInstanceAsync(new() { ["Springest:Certificates:ManifestWait"] = "00:00:00" });
        await impatient.FireAsync("SweepCertificates");

        var report = await desk.RejectionAsync("manifest.csv");
        Assert.Equal(Reason.ManifestFilesMissing, report!.Code);
        Assert.Contains("Missing: 1 of 2 files, the first of them 'b.pdf' (row 3)", report.Message, StringComparison.Ordinal);
        Assert.Equal([("a.pdf", "accepted"), ("b.pdf", "missing")], report.Lines!.Select(line => (line.File, line.State)));
        Assert.False(await desk.IsInDropAsync("manifest.csv"));
    }

    [Fact]
    public async Task A_corrected_list_is_put_back_and_does_only_what_is_left()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        const string good = "a.pdf,3101,jo@example.test,2026-01-05,,\n";
        await desk.App.DropAsync("manifest.csv", Utf8(Header + good + "b.pdf,3101,an@example,2026-01-05,,\n"));
        await desk.DropAsync("a.pdf", metadata: []);
        await desk.DropAsync("b.pdf", metadata: []);
        await desk.SweepAsync();
        await desk.SweepAsync();
        Assert.Equal(Reason.ManifestFilesRefused, (await desk.RejectionAsync("manifest.csv"))?.Code);

        await desk.App.DropAsync("manifest.csv", Utf8(Header + good + "b.pdf,3101,an@example.test,2026-01-05,,\n"));
        await desk.SweepAsync();
        Assert.True(await desk.IsInDropAsync("manifest.csv"));
        await desk.PutBackAsync("b.pdf");
        await desk.SweepAsync();
        await desk.SweepAsync();

        Assert.Equal(2, desk.AtSpringest.Count);
        Assert.Equal(2, desk.Posts.Count);
        Assert.Equal(["accepted", "accepted"], (await desk.ReceiptAsync("manifest.csv"))!.Lines!.Select(line => line.State));
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
    }

    /// <summary>The file goes with what was said when it was checked: a line that was changed since is about another one.</summary>
    [Theory]
    [InlineData("manifest.csv", Header + "a.pdf,3101,right@example.test,2026-01-05,,\n", "missing")]
    [InlineData("a.pdf.json", """{ "certification_id": 3101, "email": "right@example.test", "valid_from": "2026-01-05" }""", "accepted")]
    public async Task A_line_is_done_if_the_file_was_sent_as_it_says(string changed, string content, string state)
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        var gate = world.Office.Get<SendingGate>();
        await gate.StopAsync("nl", null, null, Cancellation);
        await world.DropAsync("nl/manifest.csv", Utf8(Header + "a.pdf,3101,wrong@example.test,2026-01-05,,\n"), []);
        await world.DropAsync("nl/a.pdf", SamplePdf.Create("a"), []);
        await world.Instances[0].SweepAsync();

        await world.DropAsync($"nl/{changed}", Utf8(content), []);
        await gate.StartAsync("nl", Cancellation);
        for (var times = 0; times < 3; times++)
        {
            await world.Instances[0].SweepAsync();
            world.Clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal("wrong@example.test", Assert.Single(world.Springest.Certificates).Fields["email"]);
        var (container, extension) = state == "accepted"
            ? (world.Containers.Accepted, ".receipt.json")
            : (world.Containers.Rejected, ".rejection.json");
        var report = (await CertificateWorld.BlobsAsync(container))[$"nl/manifest.csv{extension}"];
        Assert.Equal([state], CertificateReport.FromJson(Encoding.UTF8.GetString(report)).Lines!.Select(line => line.State));
    }

    /// <summary>A Mac writes an umlaut in a file's name as two characters, a spreadsheet as one; nobody can see the difference.</summary>
    [Theory]
    [InlineData("M\u00FCller.pdf", "Mu\u0308ller.pdf")]
    [InlineData("Mu\u0308ller.pdf", "M\u00FCller.pdf")]
    [InlineData("Nguy\u1EC5n.pdf", "Nguye\u0302\u0303n.pdf")]
    public async Task A_name_is_the_same_however_its_letters_are_written(string listed, string dropped)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync("manifest.csv", Utf8($"{Header}{listed},3101,jo@example.test,2026-01-05,,\n"));
        await desk.DropAsync(dropped, metadata: []);

        await desk.SweepAsync();
        await desk.SweepAsync();

        Assert.NotNull(await desk.ReceiptAsync(dropped));
        Assert.Equal("accepted", Assert.Single((await desk.ReceiptAsync("manifest.csv"))!.Lines!).State);
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
    }

    /// <summary>U+FFFE is no character, and cannot be composed.</summary>
    [Fact]
    public async Task A_name_that_is_no_text_is_only_unknown()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync(
            "manifest.csv",
            Utf8("file,certification,email,valid_from\na.pdf,u\u0308\uFFFE,jo@example.test,2026-01-05\n"));
        await desk.DropAsync("a.pdf", metadata: []);

        await desk.SweepAsync();

        Assert.Equal(Reason.CertificationNameUnknown, (await desk.RejectionAsync("a.pdf"))?.Code);
    }

    [Fact]
    public async Task A_list_that_names_a_file_twice_in_two_ways_of_writing_is_told_so()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync(
            "manifest.csv",
            Utf8($"{Header}Mu\u0308.pdf,3101,jo@example.test,2026-01-05,,\nM\u00FC.pdf,3101,an@example.test,2026-01-05,,\n"));
        await desk.DropAsync("M\u00FC.pdf", metadata: []);

        await desk.SweepAsync();

        Assert.Equal(Reason.ManifestFileTwice, (await desk.RejectionAsync("M\u00FC.pdf"))?.Code);
    }

    [Fact]
    public async Task A_file_that_the_list_does_not_name_is_told_so()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync("manifest.csv", Utf8(Header + "a.pdf,3101,jo@example.test,2026-01-05,,\n"));
        await desk.DropAsync("A.pdf", metadata: []);
        await desk.DropAsync("3101_an@example.test_2026-01-05.pdf", metadata: []);

        await desk.SweepAsync();

        Assert.Equal(Reason.ManifestLineMissing, (await desk.RejectionAsync("A.pdf"))?.Code);
        Assert.Equal("an@example.test", Assert.Single(desk.AtSpringest).Fields["email"]);
    }

    [Fact]
    public async Task Blob_metadata_and_sidecar_come_before_the_list_and_the_name_after()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        const string name = "3101_name@example.test_2026-01-05.pdf";
        await desk.App.DropAsync(
            "manifest.csv",
            Utf8(
                Header
                    + "metadata.pdf,3101,list@example.test,2026-01-05,,\nsidecar.pdf,3101,list@example.test,2026-01-05,,\n"
                    + $"{name},3101,list@example.test,2026-01-05,,\n"));
        await desk.DropAsync("metadata.pdf", metadata: CertificateDesk.Fields(email: "metadata@example.test"));
        await desk.App.DropAsync(
            "sidecar.pdf.json",
            """{ "certification_id": 3101, "email": "sidecar@example.test", "valid_from": "2026-01-15" }"""u8.ToArray());
        await desk.DropAsync("sidecar.pdf", metadata: []);
        await desk.DropAsync(name, metadata: []);

        await desk.SweepAsync();

        Assert.Equal(
            ["list@example.test", "metadata@example.test", "sidecar@example.test"],
            desk.AtSpringest.Select(posted => posted.Fields["email"]).Order());
    }

    [Fact]
    public async Task A_corrected_list_closes_the_refused_one_though_the_app_stops_as_it_is_moved()
    {
        await using var storage = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["AzureWebJobsStorage"] = storage.ConnectionString });
        foreach (var email in (string[])["jo", "jo@example.test"])
        {
            await desk.App.DropAsync("class/manifest.csv", Utf8($"{Header}a.pdf,3101,{email},2026-01-05,,\n"));
            await desk.DropAsync("class/a.pdf", metadata: []);
            if (email.Contains('@', StringComparison.Ordinal))
                storage.StopAfter(request => request.Method == "DELETE"
                    && request.Path.Value!.EndsWith("certificates/nl/class/manifest.csv", StringComparison.Ordinal));
            for (var i = 0; i < 2; i++)
                await Task.WhenAny(desk.App.FireAsync("SweepCertificates"));
        }

        storage.Exchange = async (_, send) => await send();
        await desk.SweepAsync();

        Assert.Single(desk.AtSpringest);
        Assert.Empty(await desk.App.Get<CertificateAttention>().ListAsync(10, Cancellation));
    }

    internal static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}

using System.Text;
using System.Text.Json.Nodes;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator.Behaviours;

namespace Springest.Functions.Tests.Certificates;

public sealed class RefusingTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, Dictionary<string, string>, string, string?> WrongFields => new()
    {
        { "scan.pdf", [], Reason.MetadataMissing, null },
        { "3101_jo_2026-01-15.pdf", [], Reason.MetadataMissing, null },
        { "scan.pdf", CertificateDesk.Fields(certification: null), Reason.CertificationIdMissing, "certification_id" },
        { "scan.pdf", CertificateDesk.Fields(certification: "31O1"), Reason.CertificationIdInvalid, "certification_id" },
        { "scan.pdf", CertificateDesk.Fields(certification: "-1"), Reason.CertificationIdInvalid, "certification_id" },
        { "scan.pdf", CertificateDesk.Fields(certification: "99999999999999999999"), Reason.CertificationIdInvalid, "certification_id" },
        { "scan.pdf", CertificateDesk.Fields(certification: "77"), Reason.CertificationUnknown, "certification_id" },
        { "scan.pdf", CertificateDesk.Fields(email: null), Reason.EmailMissing, "email" },
        { "scan.pdf", CertificateDesk.Fields(email: "jo"), Reason.EmailInvalid, "email" },
        { "scan.pdf", CertificateDesk.Fields(email: "jo@localhost"), Reason.EmailInvalid, "email" },
        { "scan.pdf", CertificateDesk.Fields(email: "jo@example.test,an@example.test"), Reason.EmailInvalid, "email" },
        { "scan.pdf", CertificateDesk.Fields(email: "Jo <jo@example.test>"), Reason.EmailInvalid, "email" },
        { "scan.pdf", CertificateDesk.Fields(email: "jo..x@example.test"), Reason.EmailInvalid, "email" },
        { "scan.pdf", CertificateDesk.Fields(email: ".jo@example.test"), Reason.EmailInvalid, "email" },
        { "scan.pdf", CertificateDesk.Fields(email: "jo.@example.test"), Reason.EmailInvalid, "email" },
        { "scan.pdf", CertificateDesk.Fields(email: "'jo@example.test"), Reason.EmailInvalid, "email" },
        { "3101_o\u2019neill@example.test_2026-01-15.pdf", [], Reason.EmailInvalid, "email" },
        { "3101_jo\u200B@example.test_2026-01-15.pdf", [], Reason.EmailInvalid, "email" },
        { "scan.pdf", new(CertificateDesk.Fields()) { ["validuntil"] = "2027-01-15" }, Reason.FieldUnknown, "validuntil" },
        { "scan.pdf", new(CertificateDesk.Fields()) { ["valid_untill"] = "2027-01-15" }, Reason.FieldUnknown, "valid_untill" },
        { "scan.pdf", CertificateDesk.Fields(from: null), Reason.ValidFromMissing, "valid_from" },
        { "scan.pdf", CertificateDesk.Fields(from: "15-01-2026"), Reason.ValidFromInvalid, "valid_from" },
        { "scan.pdf", CertificateDesk.Fields(from: "2026-02-30"), Reason.ValidFromInvalid, "valid_from" },
        { "scan.pdf", CertificateDesk.Fields(from: "0026-01-15"), Reason.ValidFromInvalid, "valid_from" },
        { "3101_jo@example.test_2026-13-01.pdf", [], Reason.ValidFromInvalid, "valid_from" },
        { "scan.pdf", CertificateDesk.Fields(until: "soon"), Reason.ValidUntilInvalid, "valid_until" },
        { "scan.pdf", CertificateDesk.Fields(until: "2026-01-14"), Reason.ValidUntilTooEarly, "valid_until" },
        { "scan.pdf", CertificateDesk.Fields(certification: "3102"), Reason.ValidUntilNeeded, "valid_until" },
        { "scan.pdf", CertificateDesk.Fields(booking: "12a"), Reason.BookingIdInvalid, "booking_id" },
        { "scan.docx", CertificateDesk.Fields(), Reason.FileTypeNotAllowed, "file" },
        { "scan", CertificateDesk.Fields(), Reason.FileTypeNotAllowed, "file" },
        { "scan.png", CertificateDesk.Fields(), Reason.FileTypeNotAllowed, "file" },
    };

    public static TheoryData<string, byte[], string> WrongFiles => new()
    {
        { "large.pdf", [.. CertificateDesk.Pdf("x"), .. new byte[2000]], Reason.FileTooLarge },
        { "text.pdf", "Dear madam, here is my certificate."u8.ToArray(), Reason.FileIsNotPdf },
        { "late.pdf", [.. new byte[1020], .. "%PDF-1.4 %%EOF"u8], Reason.FileIsNotPdf },
        { "half.pdf", CertificateDesk.Pdf("x")[..300], Reason.FileIsCutOff },
        { "base64.pdf", Encoding.ASCII.GetBytes(Convert.ToBase64String(CertificateDesk.Pdf("x"))), Reason.FileIsBase64 },
        { "uri.pdf", "data:application/pdf;base64,JVBERi0xLjQ="u8.ToArray(), Reason.FileIsBase64 },
        { "image.png", CertificateDesk.Pdf("x"), Reason.FileIsNotImage },
    };

    [Fact]
    public async Task What_is_wrong_is_told_without_asking_Springest()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var before = desk.App.Simulator.Requests.Count;
        foreach (var (row, number) in WrongFields.Select((row, number) => (row.Data, number)))
            await desk.DropAsync($"{number}/{row.Item1}", metadata: row.Item2);

        await desk.SweepAsync();

        Assert.Equal(before, desk.App.Simulator.Requests.Count);
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
        foreach (var (row, number) in WrongFields.Select((row, number) => (row.Data, number)))
        {
            var (name, _, code, field) = row;
            var rejection = await desk.RejectionAsync($"{number}/{name}");
            Assert.NotNull(rejection);
            var problem = Assert.Single(rejection.Problems!);
            Assert.Equal((name, code, field), (name, problem.Code, problem.Field));
            Assert.Equal(("rejected", code, problem.Message), (rejection.State, rejection.Code, rejection.Message));
            Assert.True(await desk.Rejected.GetBlobClient($"nl/{number}/{name}").ExistsAsync(Cancellation));
        }

        Assert.Equal(WrongFields.Count, (await desk.Ledger.CountAsync(Cancellation))[("nl", SubmissionState.Rejected)]);
    }

    [Fact]
    public async Task A_file_that_is_no_certificate_is_told_without_asking_Springest()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, new()
        {
            ["Springest:Certificates:MaxFileSize"] = "2000",
            ["Springest:Certificates:FileTypes"] = ".pdf,.png",
        });
        var before = desk.App.Simulator.Requests.Count;

        foreach (var row in WrongFiles)
        {
            var (name, content, code) = row.Data;
            await desk.DropAsync(name, content);
            await desk.App.TriggerAsync(name);

            var rejection = await desk.RejectionAsync(name);
            Assert.NotNull(rejection);
            Assert.Equal((name, code, "file"), (name, Assert.Single(rejection.Problems!).Code, rejection.Problems![0].Field));
        }

        Assert.Equal(before, desk.App.Simulator.Requests.Count);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        await desk.DropAsync("scan.pdf", "text"u8.ToArray(), CertificateDesk.Fields(certification: "x", email: "y", from: "z"));
        await desk.SweepAsync();

        var rejection = await desk.RejectionAsync("scan.pdf");
        Assert.Equal(
            [Reason.CertificationIdInvalid, Reason.EmailInvalid, Reason.ValidFromInvalid, Reason.FileIsNotPdf],
            rejection!.Problems!.Select(problem => problem.Code));
        Assert.Equal(("x", "y", "z"), (rejection.CertificationId, rejection.Email, rejection.ValidFrom));
    }

    [Theory]
    [InlineData("validUntil")]
    [InlineData("valid_untill")]
    [InlineData("emial")]
    public async Task A_sidecar_s_unknown_field_is_named(string field)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        await desk.App.DropAsync("jo.pdf.json", Encoding.UTF8.GetBytes($$"""
            { "certification_id": 3101, "email": "jo@example.test", "valid_from": "2026-01-15", "{{field}}": "2027-01-15" }
            """));
        await desk.DropAsync("jo.pdf", metadata: []);
        await desk.SweepAsync();

        var problem = Assert.Single((await desk.RejectionAsync("jo.pdf"))!.Problems!);
        Assert.Equal((Reason.FieldUnknown, field), (problem.Code, problem.Field));
        Assert.Contains($"'jo.pdf.json' contains '{field}'", problem.Message, StringComparison.Ordinal);
        Assert.Empty(desk.Posts);
    }

    [Fact]
    public async Task However_much_is_wrong_and_however_long_it_is_refused_once()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["Springest:Certificates:ManifestWait"] = "00:00:00" });
        // JSON writes each of these letters as twelve.
        var (caps, letters) = (string.Concat(Enumerable.Repeat("🎓", 60)), new string('x', 40_000));
        var unknown = string.Join(", ", Enumerable.Range(1, 100).Select(i => $"\"{i}{caps}\": 1"));
        await desk.App.DropAsync("jo.pdf.json", Encoding.UTF8.GetBytes($$"""
            { "certification_id": 3101, "email": "jo@example.test", "valid_from": "2026-01-15", {{unknown}} }
            """));
        await desk.DropAsync("jo.pdf", metadata: []);
        await desk.App.DropAsync("list/manifest.csv", Encoding.UTF8.GetBytes($"""
            file,certification_id,email,valid_from
            a.pdf,3101,an@example.test,{letters}
            {letters}.pdf,3101,jo@example.test,2026-01-15
            """));
        await desk.DropAsync("list/a.pdf", metadata: []);

        await desk.SweepAsync();
        await desk.SweepAsync();

        var rejection = (await desk.RejectionAsync("jo.pdf"))!;
        Assert.Equal(Reason.FieldUnknown, rejection.Code);
        Assert.Equal("jo.pdf.json", Assert.Single(rejection.Problems!).Values[0]);
        Assert.Equal(Reason.ValidFromInvalid, (await desk.RejectionAsync("list/a.pdf"))?.Code);
        Assert.Equal(Reason.ManifestFilesMissing, (await desk.RejectionAsync("list/manifest.csv"))?.Code);
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
        var open = await desk.App.Storage.Table(CertificateStorage.Open).QueryAsync<OpenRowEntity>(cancellationToken: Cancellation)
            .Select(entry => entry.Blob).ToListAsync(Cancellation);
        Assert.Equal(["nl/jo.pdf", "nl/list/a.pdf", "nl/list/manifest.csv"], open.Order(StringComparer.Ordinal));
    }

    /// <summary>One of the two would count, and nobody could say which.</summary>
    [Theory]
    [InlineData("email", "e-mail")]
    [InlineData("valid_from", "geldig vanaf")]
    [InlineData("email", "email")]
    public async Task A_field_that_is_said_twice_is_named(string first, string second)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync("jo.pdf.json", Encoding.UTF8.GetBytes($$"""
            { "certification_id": 3101, "email": "jo@example.test", "valid_from": "2026-01-15", "{{first}}": "2026-01-15",
              "{{second}}": "2026-02-15", "_email": "a note" }
            """));
        await desk.DropAsync("jo.pdf", metadata: []);
        await desk.DropAsync(
            "an.pdf", metadata: new(CertificateDesk.Fields(email: "an@example.test")) { ["e_mail"] = "jo@example.test" });
        await desk.SweepAsync();

        var problem = Assert.Single((await desk.RejectionAsync("jo.pdf"))!.Problems!, problem => problem.Code == Reason.FieldTwice);
        Assert.Equal(["jo.pdf.json", first], problem.Values.Take(2));
        Assert.Equal(Reason.FieldTwice, (await desk.RejectionAsync("an.pdf"))?.Code);
        Assert.Empty(desk.Posts);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{ "email": { } }""")]
    [InlineData("""{ "email": "\ud800" }""")]
    // Not in UTF-8, which is what old editors save it as.
    [InlineData("""{ "certification": "Prüfung", "email": "jo@example.test", "valid_from": "2026-01-15" }""")]
    [InlineData("""{ "Prüfung": 1, "email": "jo@example.test", "valid_from": "2026-01-15" }""")]
    [InlineData("{ }")]
    [InlineData("""{ "mail": "jo@example.test", "from": "2026-01-15" }""")]
    public async Task A_sidecar_that_cannot_be_read_is_named(string sidecar)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        await desk.App.DropAsync("3101_jo@example.test_2026-01-15.pdf.json", Encoding.Latin1.GetBytes(sidecar));
        await desk.DropAsync("3101_jo@example.test_2026-01-15.pdf", metadata: []);
        await desk.SweepAsync();

        var rejection = await desk.RejectionAsync("3101_jo@example.test_2026-01-15.pdf");
        Assert.Equal(Reason.SidecarUnreadable, rejection?.Code);
        Assert.Empty(desk.Posts);
        Assert.Contains("nl/3101_jo@example.test_2026-01-15.pdf.json", await CertificateDesk.NamesAsync(desk.Rejected));
    }

    [Fact]
    public async Task A_file_outside_of_a_site_s_folder_is_refused()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        foreach (var name in (string[])["loose.pdf", "fr/jo.pdf", "/jo.pdf", ".profile", ".pdf"])
            await desk.Drop.GetBlobClient(name).UploadAsync(new BinaryData(CertificateDesk.Pdf(name)), Cancellation);

        await desk.SweepAsync();

        Assert.Empty(desk.Posts);
        var rejected = await desk
            .Ledger.ListAsync(SubmissionState.Rejected, CertificateLedger.NoSite, Cancellation)
            .ToListAsync(Cancellation);
        Assert.Equal(Enumerable.Repeat(Reason.UnknownSite, 5), rejected.Select(row => row.Code));
        Assert.Equal(10, (await CertificateDesk.NamesAsync(desk.Rejected)).Count);
    }

    [Theory]
    [InlineData("jo.pdf", "jo.pdf.rejection")]
    [InlineData("jo.pdf.rejection", "jo.pdf")]
    public async Task A_sidecar_never_takes_the_place_of_a_report(string first, string second)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var sidecar = """{ "email": "jo@example.test" }"""u8.ToArray();
        foreach (var name in (string[])[first, second])
        {
            await desk.DropAsync(name, "text"u8.ToArray(), []);
            if (name == "jo.pdf.rejection")
                await desk.App.DropAsync($"{name}.json", sidecar);
            await desk.SweepAsync();
        }

        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
        Assert.Equal("nl/jo.pdf", (await desk.RejectionAsync("jo.pdf"))?.File);
        // Two files, their reports, and the sidecar.
        var contents = await Task.WhenAll((await CertificateDesk.NamesAsync(desk.Rejected)).Select(async name =>
            (await desk.Rejected.GetBlobClient(name).DownloadContentAsync(Cancellation)).Value.Content.ToArray()));
        Assert.Equal(5, contents.Length);
        Assert.Single(contents, content => content.SequenceEqual(sidecar));
    }

    [Fact]
    public async Task A_sidecar_that_is_left_where_another_goes_is_kept()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var sidecars = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            await desk.App.DropAsync("jo.pdf.json", Encoding.UTF8.GetBytes($$"""{ "email": "{{i}}" }"""));
            await desk.DropAsync("jo.pdf", CertificateDesk.Pdf($"{i}"), []);
            await desk.SweepAsync();
            sidecars.Add($$"""{ "email": "{{i}}" }""");
            // Its owner takes the file alone.
            await desk.Rejected.GetBlobClient("nl/jo.pdf").DeleteAsync(cancellationToken: Cancellation);
        }

        var names = (await CertificateDesk.NamesAsync(desk.Rejected))
            .Where(name => !name.EndsWith(".rejection.json", StringComparison.Ordinal))
            .ToList();
        var found = await Task.WhenAll(
            names.Select(async name =>
                (await desk.Rejected.GetBlobClient(name).DownloadContentAsync(Cancellation)).Value.Content.ToString()));
        Assert.Equal(sidecars, found.Order());
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
    }

    [Fact]
    public async Task What_Springest_refuses_comes_back_with_its_words()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        await desk.DropAsync("jo.pdf", metadata: CertificateDesk.Fields(email: "onbekend@example.test"));
        await desk.SweepAsync();

        var rejection = await desk.RejectionAsync("jo.pdf");
        Assert.Equal(Reason.RefusedBySpringest, rejection?.Code);
        Assert.Contains("email does not exist", rejection!.Message, StringComparison.Ordinal);
        Assert.Equal("email", Assert.Single(rejection.Problems!).Field);
        Assert.Single(desk.Posts);
    }

    [Fact]
    public async Task Many_words_are_cut_to_what_people_and_the_ledger_can_take()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var (caps, letters) = (string.Concat(Enumerable.Repeat("🎓", 1000)), new string('x', 40_000));
        desk.App.Simulator.Behaviour.Faults.Add(new Fault
        {
            Method = "POST", Status = 422, Body = $$"""{ "error": { "file": ["{{letters}}", "x{{caps}}"], "email": ["is taken"] } }""",
        });

        await desk.DropAsync("jo.pdf");
        await desk.SweepAsync();

        var rejection = await desk.RejectionAsync("jo.pdf");
        Assert.Equal(["file", "file", "email"], rejection!.Problems!.Select(problem => problem.Field));
        Assert.All((string[])[rejection.Message!, .. rejection.Problems!.Select(problem => problem.Message)], text =>
        {
            Assert.InRange(text.Length, 1, 3000);
            Assert.DoesNotContain('\uFFFD', text);
        });
        Assert.Equal("is taken", rejection.Problems![2].Message);
        Assert.Single(desk.Posts);
    }

    [Fact]
    public async Task A_refused_file_that_is_put_back_is_submitted()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        desk.App.Simulator.Behaviour.UnknownEmails = [CertificateDesk.Email];
        await desk.DropAsync("jo.pdf", metadata: CertificateDesk.Fields());
        await desk.SweepAsync();
        Assert.NotNull(await desk.RejectionAsync("jo.pdf"));

        desk.App.Simulator.Behaviour.UnknownEmails = [];
        await desk.PutBackAsync("jo.pdf");
        await desk.SweepAsync();

        Assert.NotNull(await desk.ReceiptAsync("jo.pdf"));
        Assert.Equal(2, desk.Posts.Count);
        Assert.Single(desk.AtSpringest);
        Assert.Equal(
            [("nl", SubmissionState.Accepted), ("nl", SubmissionState.Replaced)],
            (await desk.Ledger.CountAsync(Cancellation)).Keys.OrderBy(key => key.State));
    }

    [Fact]
    public async Task What_our_checks_refused_is_tried_again_when_it_is_put_back()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("jo.pdf", metadata: CertificateDesk.Fields(certification: "3999"));
        await desk.SweepAsync();
        Assert.Equal(Reason.CertificationUnknown, (await desk.RejectionAsync("jo.pdf"))?.Code);

        // Verified since.
        desk.App.Simulator.Catalogue.Certifications.Put(
            new JsonObject
            {
                ["id"] = 3999,
                ["name"] = "Heftruck",
                ["requires_valid_until"] = false,
            });
        await desk.MirrorAgainAsync();
        await desk.PutBackAsync("jo.pdf");
        await desk.SweepAsync();

        Assert.NotNull(await desk.ReceiptAsync("jo.pdf"));
        Assert.Single(desk.Posts);
    }

    [Theory]
    [InlineData("nl", "Certificering 3102 heeft een laatste dag van geldigheid nodig (geldig tot).")]
    [InlineData("de", "Die Zertifizierung 3102 braucht einen letzten Tag der Gültigkeit (gültig bis).")]
    public async Task Reasons_come_in_the_language_of_the_setting(string language, string word)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["Springest:Sites:nl:Language"] = language });

        await desk.DropAsync("jo.pdf", metadata: CertificateDesk.Fields(certification: "3102"));
        await desk.SweepAsync();

        Assert.Contains(word, (await desk.RejectionAsync("jo.pdf"))!.Message, StringComparison.Ordinal);
    }
}

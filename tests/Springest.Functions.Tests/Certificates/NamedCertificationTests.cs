using System.Text;
using System.Text.Json.Nodes;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Certificates;

/// <summary>A certification may be told by its name wherever its number may.</summary>
public sealed class NamedCertificationTests(AzuriteFixture azurite)
{
    private const string Name = "Projectleider niveau 1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_source_may_give_the_name()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("metadata.pdf", metadata: Named(Name, "metadata@example.test"));
        await desk.App.DropAsync(
            "sidecar.pdf.json",
            Encoding.UTF8.GetBytes($$"""{ "certification": "{{Name}}", "email": "sidecar@example.test", "valid_from": "2026-01-15" }"""));
        await desk.DropAsync("sidecar.pdf", metadata: []);
        await desk.App.DropAsync(
            "manifest.csv",
            Encoding.UTF8.GetBytes($"file;certification;email;valid_from\nlist.pdf; {Name} ;list@example.test;2026-01-15\n"));
        await desk.DropAsync("list.pdf", metadata: []);
        await desk.DropAsync($"{Name}_jo_de_vries@example.test_2026-01-15_2027-01-15.pdf", metadata: []);

        await desk.SweepAsync();

        Assert.Equal(
            ["jo_de_vries@example.test", "list@example.test", "metadata@example.test", "sidecar@example.test"],
            desk.AtSpringest.Select(posted => posted.Fields["email"]).Order());
        Assert.All(desk.AtSpringest, posted => Assert.Equal(CertificateDesk.Certification, posted.CertificationId));
    }

    [Fact]
    public async Task A_name_that_does_not_tell_which_is_refused_without_asking_Springest()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        foreach (var id in (long[])[3201, 3202])
            desk.App.Simulator.Catalogue.Certifications.Put(
                new JsonObject
                {
                    ["id"] = id,
                    ["name"] = "Twice",
                    ["requires_valid_until"] = false,
                });
        await desk.MirrorAgainAsync();
        var before = desk.App.Simulator.Requests.Count;
        var wrong = new (string File, Dictionary<string, string> Fields, string Code, string Field)[]
        {
            ("ambiguous.pdf", Named("Twice", CertificateDesk.Email), Reason.CertificationAmbiguous, "certification"),
            ("case.pdf", Named(Name.ToUpperInvariant(), CertificateDesk.Email), Reason.CertificationNameUnknown, "certification"),
            ("part.pdf", Named("Projectleider", CertificateDesk.Email), Reason.CertificationNameUnknown, "certification"),
            ("quote.pdf", Named("x' or 1 eq 1 or Name eq 'x", CertificateDesk.Email), Reason.CertificationNameUnknown, "certification"),
            ("end.pdf", Named("Veilig werken op hoogte", CertificateDesk.Email), Reason.ValidUntilNeeded, "valid_until"),
            (
                "both.pdf",
                new(Named(Name, CertificateDesk.Email)) { ["certification_id"] = "3102" },
                Reason.CertificationMismatch,
                "certification"),
        };
        foreach (var (file, fields, _, _) in wrong)
            await desk.DropAsync(file, metadata: fields);

        await desk.SweepAsync();

        foreach (var (file, _, code, field) in wrong)
        {
            var problem = Assert.Single((await desk.RejectionAsync(file))!.Problems!);
            Assert.Equal((file, code, field), (file, problem.Code, problem.Field));
        }

        Assert.Contains("3201, 3202", (await desk.RejectionAsync("ambiguous.pdf"))!.Message, StringComparison.Ordinal);
        Assert.Equal(before, desk.App.Simulator.Requests.Count);
    }

    [Fact]
    public async Task A_name_waits_for_the_mirror_and_learns_what_is_new_in_it()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, mirrored: false);
        await desk.DropAsync("jo.pdf", metadata: Named(Name, CertificateDesk.Email));
        await desk.SweepAsync();
        Assert.Equal(
            Reason.WaitingForCatalogue,
            (await desk.Ledger.ListAsync(SubmissionState.Waiting, "nl", Cancellation).SingleAsync(Cancellation)).Code);

        await desk.MirrorAsync();
        await desk.SweepAsync();
        Assert.NotNull(await desk.ReceiptAsync("jo.pdf"));

        desk.App.Simulator.Catalogue.Certifications.Put(
            new JsonObject
            {
                ["id"] = 3301,
                ["name"] = "New & better",
                ["requires_valid_until"] = false,
            });
        await desk.MirrorAgainAsync();
        await desk.DropAsync("an.pdf", metadata: Named("New & better", CertificateDesk.Email));
        await desk.SweepAsync();
        Assert.NotNull(await desk.ReceiptAsync("an.pdf"));
    }

    [Theory]
    [InlineData("H\u00F6henarbeit", "Ho\u0308henarbeit")]
    [InlineData("Ho\u0308henarbeit", "H\u00F6henarbeit")]
    public async Task A_name_is_the_same_however_its_letters_are_written(string mirrored, string written)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, mirrored: false);
        desk.App.Simulator.Catalogue.Certifications.Put(
            new JsonObject
            {
                ["id"] = 3301,
                ["name"] = mirrored,
                ["requires_valid_until"] = false,
            });
        await desk.MirrorAsync();
        await desk.DropAsync($"{written}_jo@example.test_2026-01-15.pdf", metadata: []);
        await desk.App.DropAsync(
            "both.pdf.json",
            Encoding.UTF8.GetBytes(
                $$"""{ "certification_id": 3301, "certification": "{{written}}", "email": "an@example.test", "valid_from": "2026-01-15" }"""
            )
        );
        await desk.DropAsync("both.pdf", metadata: []);

        await desk.SweepAsync();

        Assert.Equal([3301, 3301], desk.AtSpringest.Select(posted => posted.CertificationId));
    }

    private static Dictionary<string, string> Named(string name, string email)
        => new() { ["certification"] = name, ["email"] = email, ["valid_from"] = "2026-01-15" };
}

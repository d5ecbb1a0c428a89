using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Intake;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Certificates;

public sealed class NamesTests(AzuriteFixture azurite)
{
    private static readonly string[] _names =
    [
        "with  two spaces .pdf",
        "één müde Straße.pdf",
        "証明書.pdf",
        "geslaagd 🎓👩‍🎓.pdf",
        "rtl \u202Efdp.exe.pdf",
        "quotes \" ' ` ´.pdf",
        "semi;colon,comma=and&more+.pdf",
        "hash#question?percent%.pdf",
        "encoded%2F%2e%2e%41%0d%0a.pdf",
        "tab\tand\u007f.pdf",
        "line\nX-Injected: yes\n\nbody.pdf",
        "brackets [a]{b}(c)<d>|^~.pdf",
        "...pdf.pdf",
        "-.pdf",
        "PDF.PDF",
        "x.receipt.json.pdf",
        string.Join('/', Enumerable.Repeat(new string('n', 200), 5)) + "/long.pdf",
        string.Concat(Enumerable.Repeat("deep/", 200)) + "x.pdf",
        "sixteen/" + new string('é', 1024 - 3 - "sixteen/".Length - 4) + ".pdf",
        "exact/" + new string('m', 1024 - 3 - "exact/".Length - ".receipt.json".Length - 4) + ".pdf",
        "emoji/" + string.Concat(Enumerable.Repeat("🎓", (1024 - 3 - "emoji/".Length - 4) / 2)) + ".pdf",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_of_any_name_are_submitted_and_found_again()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        foreach (var name in _names)
            await desk.DropAsync(name);

        await desk.SweepAsync();

        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
        Assert.Equal(_names.Length, desk.AtSpringest.Count);
        Assert.All(
            desk.AtSpringest,
            posted =>
            {
                Assert.Equal(3, posted.Fields.Count);
                Assert.EndsWith(".pdf", posted.FileName, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain(
                    posted.FileName,
                    character => char.IsControl(character) || character is '"' or '\\' or '/' or ';' or '\u202E');
            });
        await FindAsync(desk.Accepted, "receipt");
    }

    [Fact]
    public async Task Files_of_any_name_come_back_when_they_are_refused()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        foreach (var name in _names)
            await desk.DropAsync(name, metadata: CertificateDesk.Fields(email: "nobody"));

        await desk.SweepAsync();

        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
        Assert.Empty(desk.Posts);
        await FindAsync(desk.Rejected, "rejection");
    }

    /// <summary>The emulator's list loses carriage returns, so this one comes by its event.</summary>
    [Fact]
    public async Task A_name_with_line_breaks_injects_nothing()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        const string name = "line\r\nX-Injected: yes\r\n\r\nbody.pdf";

        await desk.DropAsync(name);
        await desk.App.Get<CertificateImport>().TakeInAsync($"nl/{name}", Cancellation);

        Assert.Equal("line__X-Injected_ yes____body.pdf", Assert.Single(desk.AtSpringest).FileName);
        Assert.Equal($"nl/{name}", (await desk.ReceiptAsync(name))?.File);
        Assert.False(await desk.IsInDropAsync(name));
    }

    [Theory]
    [InlineData("nl/../be/x.pdf", false)]
    [InlineData("../certificates-accepted/x.pdf", false)]
    [InlineData("nl/./x.pdf", false)]
    [InlineData("nl\\..\\x.pdf", false)]
    [InlineData("nl/..x/y../.z.pdf", true)]
    public void Names_that_lead_elsewhere_are_not_followed(string name, bool isAddressable)
        => Assert.Equal(isAddressable, DroppedFile.IsAddressable(name));

    /// <summary>Every name of the drop has its file and its report, however it had to be shortened.</summary>
    private static async Task FindAsync(Azure.Storage.Blobs.BlobContainerClient container, string report)
    {
        var found = await CertificateDesk.NamesAsync(container);
        Assert.Equal(_names.Length * 2, found.Count);
        var reports = found.Where(name => name.EndsWith($".{report}.json", StringComparison.Ordinal)).ToList();
        var files = new List<string>();
        foreach (var name in reports)
        {
            var content = await container.GetBlobClient(name).DownloadContentAsync(Cancellation);
            var read = CertificateReport.FromJson(content.Value.Content.ToString());
            Assert.Equal($"{container.Name}/{name[..^$".{report}.json".Length]}", read.MovedTo);
            files.Add(read.File);
        }

        Assert.Equal(_names.Select(name => $"nl/{name}").Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }
}

using System.IO.Compression;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Certificates;

/// <summary>
/// The same list as Excel, LibreOffice, Google Sheets, Numbers, Gnumeric and administrations save it, in Dutch, German and English
/// (Corpus/make-lists.py): two of its rows are right, and each of the others is named by its row, and column if there is a sheet.
/// </summary>
public sealed class ListCorpusTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_good_row_is_accepted_and_every_bad_one_named_whatever_saved_the_list()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var lists = await ReadAsync();
        Assert.InRange(lists.Count, 60, int.MaxValue);
        foreach (var (folder, name, content) in lists)
        {
            await desk.App.DropAsync($"{folder}/{name}", content);
            foreach (var file in (string[])["a", "Zoë Müller", "b", "c", "d"])
                await desk.DropAsync($"{folder}/{file}.pdf", metadata: []);
        }

        // On a busy machine one sweep's budget is not enough.
        do
            await desk.SweepAsync();
        while (await CertificateDesk.NamesAsync(desk.Drop) is not []);

        var wrong = new List<string>();
        foreach (var (folder, name, content) in lists)
        {
            // Excel counts the line with its delimiter as well.
            var first = content.AsSpan().IndexOf("sep="u8) is >= 0 and < 4 ? 1 : 0;
            var isSheet = name.EndsWith("xlsx", StringComparison.Ordinal);
            await ExpectAsync(folder, "a", null, 0, "");
            await ExpectAsync(folder, "Zoë Müller", null, 0, "");
            await ExpectAsync(folder, "b", Reason.EmailInvalid, 4 + first, isSheet ? "B" : null);
            await ExpectAsync(folder, "c", Reason.ValidFromInvalid, 5 + first, isSheet ? "D" : null);
            await ExpectAsync(folder, "d", Reason.CertificationUnknown, 6 + first, isSheet ? "C" : null);
            var lines = (await desk.RejectionAsync($"{folder}/{name}"))?.Lines?.Select(line => $"{line.Line} {line.State}");
            var expected = Enumerable.Range(2 + first, 5).Select((line, i) => $"{line} {(i < 2 ? "accepted" : "rejected")}");
            if (lines?.SequenceEqual(expected) != true)
                wrong.Add($"{folder}: {string.Join(", ", lines ?? ["no report"])}");
        }

        Assert.True(wrong is [], string.Join('\n', wrong));
        Assert.Equal(2 * lists.Count, desk.AtSpringest.Count);
        Assert.All(desk.AtSpringest, posted => Assert.Equal("2026-01-15", posted.Fields["valid_from"]));
        Assert.Equal(lists.Count, desk.AtSpringest.Count(posted => posted.Fields.GetValueOrDefault("valid_until") == "2029-01-31"));

        async Task ExpectAsync(string folder, string file, string? code, int row, string? column)
        {
            var rejection = await desk.RejectionAsync($"{folder}/{file}.pdf");
            var said = rejection is null ? "" : string.Join(", ", rejection.Problems!.Select(one => $"{one.Code} {one.Line} {one.Column}"));
            if (said != (code is null ? "" : $"{code} {row} {column}"))
                wrong.Add($"{folder}/{file}: {said}");
        }
    }

    private static async Task<List<(string Folder, string Name, byte[] Content)>> ReadAsync()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Certificates", "Corpus", "lists.zip");
        await using var archive = await ZipFile.OpenReadAsync(path, Cancellation);
        var lists = new List<(string, string, byte[])>();
        foreach (var entry in archive.Entries)
        {
            await using var content = await entry.OpenAsync(Cancellation);
            var bytes = new MemoryStream();
            await content.CopyToAsync(bytes, Cancellation);
            lists.Add((entry.FullName.Split('/')[0], entry.Name, bytes.ToArray()));
        }

        return lists;
    }
}

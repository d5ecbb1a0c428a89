using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Certificates.Api;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing.Catalogue;
using Springest.Testing.Certificates;

namespace Springest.Functions.Tests.Certificates;

/// <summary>What came for a certification or in a month.</summary>
public sealed class SearchTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Certificates_are_found_by_certification_and_month_the_newest_first()
    {
        var clock = ShiftedClock.InNextMonth();
        await using var desk = await OpenAsync(clock);
        await desk.DropAsync("a.pdf");
        await desk.SweepAsync();
        await desk.DropAsync("b.pdf");
        await desk.DropAsync(
            "c.pdf", metadata: CertificateDesk.Fields(certification: "3102", until: "2029-01-15", email: "c@example.test"));
        await desk.DropAsync("wrong.pdf", metadata: CertificateDesk.Fields(email: "nobody"));
        await desk.SweepAsync();
        var (month, before) = ($"{clock.GetUtcNow():yyyy-MM}", $"{clock.GetUtcNow().AddMonths(-1):yyyy-MM}");

        Assert.Equal(["nl/b.pdf", "nl/a.pdf"], await FindAsync(desk, new { certificationId = 3101 }));
        Assert.Equal(["nl/c.pdf"], await FindAsync(desk, new { certificationId = 3102, month }));
        Assert.Empty(await FindAsync(desk, new { certificationId = 3102, month = before }));
        Assert.Empty(await FindAsync(desk, new { certificationId = 310 }));
        Assert.Equal(["nl/a.pdf", "nl/b.pdf", "nl/c.pdf", "nl/wrong.pdf"], (await FindAsync(desk, new { month })).Order());
        Assert.Equal("nl/a.pdf", (await FindAsync(desk, new { month, site = "nl" }))[^1]);
        Assert.Empty(await FindAsync(desk, new { month = before }));
    }

    [Fact]
    public async Task A_file_is_found_by_its_name_whatever_its_folder_and_by_its_whole_name()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        string[] names = ["jo.pdf", "spring class/jo.pdf", "autumn/jo.pdf", "autumn/not-jo.pdf"];
        foreach (var name in names)
            await desk.DropAsync(name);
        // No certificate, and so a note.
        await desk.DropAsync("notes/jo.pdf", "no pdf"u8.ToArray());
        await desk.SweepAsync();

        Assert.Equal(
            ["nl/autumn/jo.pdf", "nl/jo.pdf", "nl/notes/jo.pdf", "nl/spring class/jo.pdf"],
            (await FindAsync(desk, new { file = "jo.pdf" })).Order(StringComparer.Ordinal));
        Assert.Equal(["nl/autumn/jo.pdf"], await FindAsync(desk, new { file = "nl/autumn/jo.pdf" }));
        Assert.Equal(["nl/jo.pdf"], await FindAsync(desk, new { file = "nl/jo.pdf", site = "nl" }));
        Assert.Empty(await FindAsync(desk, new { file = "o.pdf" }));
    }

    [Fact]
    public async Task Of_more_than_200_that_are_found_the_newest_are_listed()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        for (var i = 0; i < 205; i++)
        {
            var row = new SubmissionEntity
            {
                PartitionKey = "nl", RowKey = $"{i:x32}", Blob = $"nl/{i}/scan.pdf", State = SubmissionState.Accepted,
                Received = world.Clock.GetUtcNow().AddMinutes(i),
            };
            await world.Ledger.TryWriteAsync(row, Cancellation);
        }

        var functions = new CertificateFunctions(
            world.Ledger, world.Office.Get<CertificateDecisions>(), world.Office.Get<Sentences>());
        var request = new DefaultHttpContext { Request = { Body = new MemoryStream("""{ "file": "scan.pdf" }"""u8.ToArray()) } }.Request;
        var answer = Assert.IsType<FileContentHttpResult>(await functions.SearchAsync(request, Cancellation));

        Assert.Equal(
            Enumerable.Range(5, 200).Reverse().Select(i => $"nl/{i}/scan.pdf"),
            JsonElement.Parse(answer.FileContents.Span).GetProperty("items").EnumerateArray()
                .Select(item => item.GetProperty("file").GetString()));
    }

    [Theory]
    [InlineData("2026-04-30T21:50:00Z", "2026-04", "2026-05")]
    [InlineData("2026-04-30T22:00:01Z", "2026-05", "2026-04")]
    public async Task A_month_begins_when_it_does_at_the_site(string time, string month, string other)
    {
        await using var desk = await OpenAsync(ShiftedClock.At(time));
        await desk.DropAsync("wrong.pdf", "no pdf"u8.ToArray());
        await desk.SweepAsync();

        Assert.Equal(["nl/wrong.pdf"], await FindAsync(desk, new { month }));
        Assert.Empty(await FindAsync(desk, new { month = other }));
    }

    [Theory]
    [InlineData("""{ "month": "2026-13" }""", "month must be a month such as 2026-03.")]
    [InlineData("""{ "month": "March" }""", "month must be a month such as 2026-03.")]
    [InlineData("""{ "month": "2026-03", "email": "jo@example.test" }""", "certificationId, month or both")]
    [InlineData("{}", "certificationId, month or both")]
    [InlineData("null", "certificationId, month or both")]
    [InlineData("""{ "email": [null] }""", "certificationId, month or both")]
    public async Task What_cannot_be_looked_for_is_named(string body, string sentence)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);

        using var answer = await desk.App.Http.PostAsync("certificates/search", JsonContent.Create(JsonDocument.Parse(body)), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(sentence, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    private Task<CertificateDesk> OpenAsync(ShiftedClock clock)
        => CertificateDesk.OpenAsync(azurite, services: services => services.AddSingleton<TimeProvider>(clock));

    private static async Task<List<string>> FindAsync(CertificateDesk desk, object wanted)
    {
        using var answer = await desk.App.Http.PostAsJsonAsync("certificates/search", wanted, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var page = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("file").GetString()!)];
    }
}

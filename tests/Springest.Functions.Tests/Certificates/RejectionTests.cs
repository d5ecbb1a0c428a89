using System.Net;
using System.Text;
using Springest.Functions.Certificates.Api;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Testing;
using Springest.Testing.Certificates;

namespace Springest.Functions.Tests.Certificates;

/// <summary>
/// Refusals stay open until something is done about them. Random files of a few people are refused, corrected, put back, dropped anew and
/// dismissed; SEED runs one history again, SEEDS more of them.
/// </summary>
public sealed class RejectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task None_is_closed_whose_certificate_was_neither_accepted_nor_dismissed()
    {
        foreach (var seed in Variable.Seeds("SEED", Variable.Number("SEEDS", 40)))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"SEED={seed}");
            await LiveAsync(seed);
        }
    }

    [Fact]
    public async Task What_is_removed_unhandled_stays_open_as_expired()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        await world.DropAsync("nl/3101_jo@example.test_2026-01-15.pdf", "no PDF"u8.ToArray(), []);
        await world.Instances[0].SweepAsync();
        var rejected = world.Containers.Rejected.GetBlobClient("nl/3101_jo@example.test_2026-01-15.pdf");
        await rejected.DeleteAsync(cancellationToken: Cancellation);
        world.Clock.Advance(TimeSpan.FromDays(2));

        await world.Instances[0].ExportAsync();

        var expired = await world.Ledger.ListAsync(SubmissionState.Expired, "nl", Cancellation).SingleAsync(Cancellation);
        Assert.True(expired.Unhandled);
        Assert.Single(await world.Office.Get<CertificateAttention>().ListAsync(10, Cancellation));
        await world.Office.Get<CertificateDecisions>().DismissAsync("nl", expired.RowKey, null, Cancellation);
        Assert.Empty(await world.Office.Get<CertificateAttention>().ListAsync(10, Cancellation));
    }

    /// <summary>Table Storage may answer so when a query goes over partitions.</summary>
    [Fact]
    public async Task One_is_listed_although_the_first_page_of_the_answer_is_empty()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);
        foreach (var person in (string[])["jo", "an", "wim"])
            await world.DropAsync($"nl/3101_{person}@example.test_2026-01-15.pdf", "no PDF"u8.ToArray(), []);
        await world.Instances[0].SweepAsync();
        world.Storage.BeginsEmpty = true;

        Assert.Equal(2, (await world.Office.Get<CertificateAttention>().ListAsync(2, Cancellation)).Count);
    }

    /// <summary>Files of a scanner, or of an administration, have the same names week after week.</summary>
    [Fact]
    public async Task A_line_is_closed_by_its_correction_and_not_by_the_next_list()
    {
        await using var world = await CertificateWorld.CreateAsync(seed: 1, instances: 1);

        await ListAsync("1.pdf;3101;jo@example;2026-01-15");
        await ListAsync("1.pdf;3101;an@example.test;2026-01-22");
        Assert.Equal("nl/1.pdf", Assert.Single(await world.Office.Get<CertificateAttention>().ListAsync(10, Cancellation)).Subject);

        await ListAsync("1.pdf;3101;jo@example.test;2026-01-15");
        Assert.Empty(await world.Office.Get<CertificateAttention>().ListAsync(10, Cancellation));
        Assert.Equal(["an@example.test", "jo@example.test"], world.Springest.Certificates.Select(each => each.Fields["email"]).Order());

        async Task ListAsync(string line)
        {
            await world.DropAsync("nl/manifest.csv", Encoding.UTF8.GetBytes($"file;certification_id;email;valid_from\n{line}\n"), []);
            await world.DropAsync("nl/1.pdf", SamplePdf.Create(line), []);
            await world.Instances[0].SweepAsync();
            await world.Instances[0].SweepAsync();
            world.Clock.Advance(TimeSpan.FromDays(7));
        }
    }

    private static async Task LiveAsync(int seed)
    {
        await using var world = await CertificateWorld.CreateAsync(seed, instances: 1);
        var (random, dismissed) = (new Random(seed), new HashSet<string>());
        // Springest refuses some people, until it does not.
        var refused = new HashSet<string> { "p0@example.test", "p1@example.test" };
        world.Springest.Judge = posted => refused.Contains(posted.Fields["email"])
            ? MemorySpringest.Text(HttpStatusCode.UnprocessableEntity, """{"errors":{"email":["is unknown"]}}""")
            : null;
        for (var step = random.Next(4, 16); step > 0; step--)
        {
            var (person, isRight) = ($"p{random.Next(3)}@example.test", random.Next(2) == 0);
            var content = isRight ? SamplePdf.Create($"{step}") : "no PDF"u8.ToArray();
            switch (random.Next(6))
            {
                case 0:
                    refused.Remove(person);
                    break;
                case 1:
                    await world.DropAsync($"nl/scan{random.Next(2)}.pdf", content, random.Next(2) == 0 ? [] : Fields(person));
                    break;
                case 2:
                    await DismissAsync(world, random, dismissed);
                    break;
                default:
                    await world.DropAsync($"nl/{step}.pdf", content, Fields(person));
                    break;
            }

            await world.Instances[0].SweepAsync();
            world.Clock.Advance(TimeSpan.FromHours(13));
            await world.Instances[0].SweepAsync();
        }

        var accepted = world.Springest.Certificates.Select(each => each.Fields["email"]).ToHashSet();
        var names = await NamesAsync(world);
        foreach (var state in (SubmissionState[])[SubmissionState.Rejected, SubmissionState.Expired])
        {
            await foreach (var row in world.Ledger.ListAsync(state, "nl", Cancellation))
            {
                var person = (row as SubmissionEntity)?.Email
                    ?? CertificateReport.FromJson(row.Report!).Email;
                var isDone = dismissed.Contains(row.RowKey) || (person is null ? names.Contains(row.Blob) : accepted.Contains(person));
                Assert.True(row.Unhandled || isDone, $"SEED={seed}: {row.Blob} of {person} is closed");
                // What is accepted after it closes it.
                if (person is not null && row is SubmissionEntity)
                    Assert.True(!row.Unhandled || !accepted.Contains(person), $"SEED={seed}: {row.Blob} of {person} is open");
            }
        }
    }

    private static async Task<HashSet<string>> NamesAsync(CertificateWorld world)
        => await world.Ledger.ListAsync(SubmissionState.Accepted, "nl", Cancellation).Select(row => row.Blob).ToHashSetAsync(
            cancellationToken: Cancellation);

    private static Dictionary<string, string> Fields(string person) => new()
    {
        ["certification_id"] = "3101",
        ["email"] = person,
        ["valid_from"] = "2026-01-15",
    };

    private static async Task DismissAsync(CertificateWorld world, Random random, HashSet<string> dismissed)
    {
        var open = await world.Ledger.ListAsync(SubmissionState.Rejected, "nl", Cancellation).Where(row => row.Unhandled)
            .ToListAsync(Cancellation);
        if (open.Count == 0)
            return;
        var row = open[random.Next(open.Count)];
        await world.Office.Get<CertificateDecisions>().DismissAsync("nl", row.RowKey, null, Cancellation);
        dismissed.Add(row.RowKey);
    }
}

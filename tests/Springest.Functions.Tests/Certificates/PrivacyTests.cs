using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using Springest.Functions.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;

namespace Springest.Functions.Tests.Certificates;

public sealed class PrivacyTests(AzuriteFixture azurite)
{
    private const string Person = "canary-person@example.test";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_is_named_in_the_ledger_and_beside_the_file_and_nowhere_else()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync(
            "manifest.csv",
            Encoding.UTF8.GetBytes($"file,certification_id,email,valid_from\nlisted.pdf,3101,{Person},2026-01-15\n"));
        await desk.DropAsync("listed.pdf", metadata: []);
        await desk.DropAsync("accepted.pdf", metadata: CertificateDesk.Fields(email: Person, from: "2025-01-15"));
        await desk.DropAsync("refused.pdf", metadata: CertificateDesk.Fields(email: $"{Person};"));
        await desk.SweepAsync();
        await desk.SweepAsync();
        await desk.App.FireAsync("VerifyCertificates");

        // Nor does a hash stand anywhere that somebody could make from a guess.
        string[] guesses = [Person, "listed.pdf", "nl/listed.pdf", "nl/manifest.csv", $"listed.pdf\n3101\n\n{Person}\n2026-01-15\n\n"];
        var hashes = guesses.Select(guess => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(guess)))[..32]).ToList();
        var named = new List<string>();
        foreach (var table in Registrations.Tables)
        {
            var rows = await desk
                .App.Storage.Table(table)
                .QueryAsync<TableEntity>(cancellationToken: Cancellation)
                .ToListAsync(Cancellation);
            Assert.DoesNotContain(
                rows.SelectMany(row => row), field => hashes.Exists(hash => $"{field.Value}".Contains(hash, StringComparison.Ordinal)));
            if (rows.Exists(row => row.Any(field => $"{field.Value}".Contains("canary-person", StringComparison.OrdinalIgnoreCase))))
                named.Add(table);
        }

        Assert.Equal([CertificateStorage.Open, CertificateStorage.Submissions], named.Order());
        Assert.Equal(Person, (await desk.ReceiptAsync("accepted.pdf"))?.Email);
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
    }
}

using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator.Behaviours;

namespace Springest.Functions.Tests.Certificates;

public sealed class PrivacyTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task No_log_at_any_level_names_a_person_or_a_key()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["Springest:Certificates:Lease"] = "00:00:02" }, blobTriggers: true);
        const string person = "canary-person@example.test";
        var faults = desk.App.Simulator.Behaviour.Faults;
        desk.App.Simulator.Behaviour.UnknownEmails = [$"unknown-{person}"];

        await desk.DropAsync($"3101_{person}_2026-01-15.pdf", metadata: []);
        await desk.DropAsync("refused.pdf", metadata: CertificateDesk.Fields(email: $"{person};x"));
        await desk.DropAsync("unknown.pdf", metadata: CertificateDesk.Fields(email: $"unknown-{person}"));
        await Eventually.BeAsync(async () => (await CertificateDesk.NamesAsync(desk.Drop)).Count == 0);
        foreach (var fault in (FaultKind[])[FaultKind.Answer, FaultKind.Close, FaultKind.Stall, FaultKind.Truncate])
        {
            faults.Clear();
            faults.Add(new Fault { Kind = fault, Method = "POST", Body = $"<p>{TestApp.ApiKey}</p>" });
            await desk.DropAsync($"{fault}/3101_{person}_2026-01-15.pdf", metadata: []);
            await desk.SweepAsync();
        }

        // The local host stands for a platform that is not ours; its lines name blobs as the platform's do.
        var ours = desk.App.Logs.Lines.Where(line => !line.Contains(" Springest.LocalHost", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(ours);
        Assert.DoesNotContain(ours, line => line.Contains("canary", StringComparison.OrdinalIgnoreCase));
    }
}

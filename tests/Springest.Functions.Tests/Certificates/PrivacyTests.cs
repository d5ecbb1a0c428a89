using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Azure.Data.Tables;
using Springest.Functions.Certificates;
using Springest.Functions.Storage;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator.Behaviours;

namespace Springest.Functions.Tests.Certificates;

public sealed class PrivacyTests(AzuriteFixture azurite)
{
    private const string Person = "canary-person@example.test";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_log_and_no_metric_names_a_person_or_a_key()
    {
        using var metrics = new CapturedTags();
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["Springest:Certificates:Lease"] = "00:00:02" });
        var faults = desk.App.Simulator.Behaviour.Faults;
        desk.App.Simulator.Behaviour.UnknownEmails = [$"unknown-{Person}"];

        await desk.DropAsync($"3101_{Person}_2026-01-15.pdf", metadata: []);
        await desk.DropAsync("refused.pdf", metadata: CertificateDesk.Fields(email: $"{Person};x"));
        await desk.DropAsync("unknown.pdf", metadata: CertificateDesk.Fields(email: $"unknown-{Person}"));
        foreach (var name in (string[])[$"3101_{Person}_2026-01-15.pdf", "refused.pdf", "unknown.pdf"])
            await desk.App.TriggerAsync(name);
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
        foreach (var fault in (FaultKind[])[FaultKind.Answer, FaultKind.Close, FaultKind.Stall, FaultKind.Truncate])
        {
            faults.Clear();
            faults.Add(new Fault { Kind = fault, Method = "POST", Body = $"<p>{TestApp.ApiKey}</p>" });
            await desk.DropAsync($"{fault}/3101_{Person}_2026-01-15.pdf", metadata: []);
            await Record.ExceptionAsync(() => desk.App.TriggerAsync($"{fault}/3101_{Person}_2026-01-15.pdf"));
            await desk.SweepAsync();
        }

        Assert.NotEmpty(desk.App.Logs.Lines);
        Assert.DoesNotContain(desk.App.Logs.Lines, line => line.Contains("canary", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(nameof(SubmissionState.Rejected), metrics.Values);
        Assert.DoesNotContain(metrics.Values, value => value.Contains("canary", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_person_is_named_in_the_ledger_and_beside_the_file_and_nowhere_else()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync("manifest.csv", Encoding.UTF8.GetBytes($"file,certification_id,email,valid_from\nlisted.pdf,3101,{Person},2026-01-15\n"));
        await desk.DropAsync("listed.pdf", metadata: []);
        await desk.DropAsync("accepted.pdf", metadata: CertificateDesk.Fields(email: Person));
        await desk.DropAsync("refused.pdf", metadata: CertificateDesk.Fields(email: $"{Person};"));
        await desk.SweepAsync();
        await desk.SweepAsync();
        await desk.App.FireAsync("VerifyCertificates");

        var named = new List<string>();
        foreach (var table in Tables.All)
        {
            var rows = await desk.App.Storage.Table(table).QueryAsync<TableEntity>(cancellationToken: Cancellation).ToListAsync(Cancellation);
            if (rows.Exists(row => row.Any(field => $"{field.Value}".Contains("canary-person", StringComparison.OrdinalIgnoreCase))))
                named.Add(table);
        }

        Assert.Equal([Tables.CertificateSubmissions], named);
        Assert.Equal(Person, (await desk.ReceiptAsync("accepted.pdf"))?.Email);
        Assert.Empty(await CertificateDesk.NamesAsync(desk.Drop));
    }

    /// <summary>What all metrics of the app are told with.</summary>
    private sealed class CapturedTags : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentBag<string> _values = [];

        public CapturedTags()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name.StartsWith("Springest", StringComparison.Ordinal))
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Capture(tags));
            _listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Capture(tags));
            _listener.Start();
        }

        public IReadOnlyCollection<string> Values => _values;

        public void Dispose() => _listener.Dispose();

        private void Capture(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
                _values.Add($"{tag.Value}");
        }
    }
}

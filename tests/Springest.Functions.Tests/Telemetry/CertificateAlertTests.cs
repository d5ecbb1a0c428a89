using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Springest.Functions.Certificates;
using Springest.Functions.Status.Report;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator.Behaviours;
using Springest.Testing;

namespace Springest.Functions.Tests.Telemetry;

/// <summary>As <see cref="AlertTests"/>, for what certificates have a person do.</summary>
[Collection(nameof(Alone))]
public sealed class CertificateAlertTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_kind_is_brought_about()
    {
        string[] files =
        [
            .. Directory.GetFiles(Repository.PathOf("tests/Springest.Functions.Tests/Telemetry"), "*AlertTests.cs"),
            Repository.PathOf("tests/Springest.EndToEnd.Tests/Processes/StartTests.cs"),
        ];
        var tests = string.Concat(await Task.WhenAll(files.Select(file => File.ReadAllTextAsync(file, Cancellation))));

        Assert.All(TodoKinds.Severities, kind => Assert.Contains(
            kind.Value <= TodoKinds.Calls ? $"kind={kind.Key}, severity={kind.Value}, open=1" : $"{kind.Key}: 1",
            tests,
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ledger_key_lost()
    {
        await using var watched = await StartAsync();
        await watched.DropCertificateAsync();
        await watched.FireAsync("SweepCertificates");
        var keys = watched.App.Storage.Table(CertificateStorage.Key);
        var key = (await keys.GetEntityAsync<TableEntity>("key", "key", cancellationToken: Cancellation)).Value;
        await keys.DeleteEntityAsync("key", "key", ETag.All, Cancellation);
        watched.Clock.Shift = TimeSpan.FromMinutes(10);
        await watched.MeasureAsync();

        Assert.Equal("kind=ledger-key-lost, severity=1, open=1", watched.Called());

        await keys.AddEntityAsync(key, Cancellation);
        watched.Clock.Shift = TimeSpan.FromMinutes(20);
        await watched.MeasureAsync();
        Assert.Empty(watched.Raised());
    }

    [Fact]
    public async Task Sending_gap()
    {
        await using var watched = await StartAsync();
        await watched.FireAsync("ExportCertificates");
        await watched.ManageAsync("certificates/nl/restore");
        await watched.MeasureAsync();

        Assert.Equal("kind=sending-gap, severity=2, open=1", watched.Called());

        await watched.OrderAsync("sending-gap", "start");
        await watched.MeasureAsync();
        Assert.Empty(watched.Raised());
    }

    [Fact]
    public async Task Site_refuses()
    {
        await using var watched = await StartAsync();
        watched.App.Simulator.Behaviour.Faults.Add(new Fault { Status = 401, Method = "POST" });
        await watched.DropCertificateAsync();
        await watched.FireAsync("SweepCertificates");
        await watched.MeasureAsync();

        Assert.Equal("kind=site-refuses, severity=2, open=1", watched.Called());

        await watched.OrderAsync("site-refuses", "start");
        await watched.AfterFaultsAsync("SweepCertificates");
        Assert.Empty(watched.Raised());
        Assert.Single(watched.App.Simulator.Certificates.Snapshot());
    }

    [Fact]
    public async Task Certification_refused()
    {
        await using var watched = await StartAsync();
        watched.App.Simulator.Behaviour.Faults.Add(new Fault { Status = 403, Method = "POST" });
        await watched.DropCertificateAsync();
        await watched.FireAsync("SweepCertificates");
        await watched.MeasureAsync();

        Assert.Equal("kind=certification-refused, severity=2, open=1", watched.Called());

        await watched.OrderAsync("certification-refused", "start");
        await watched.AfterFaultsAsync("SweepCertificates");
        Assert.Empty(watched.Raised());
        Assert.Single(watched.App.Simulator.Certificates.Snapshot());
    }

    [Fact]
    public async Task Certificate_held()
    {
        await using var watched = await StartAsync();
        watched.App.Simulator.Behaviour.Faults.Add(new Fault { Status = 403, Method = "POST" });
        await watched.DropCertificateAsync();
        await watched.FireAsync("SweepCertificates");
        watched.Clock.Shift = TimeSpan.FromHours(25);
        await watched.FireAsync("SweepCertificates");
        await watched.ManageAsync("certificates/nl/start");
        await watched.FireAsync("CrawlCertifications");
        await watched.MeasureAsync();

        Assert.Equal("kind=certificate-held, severity=2, open=1", watched.Called());

        watched.App.Simulator.Behaviour.Faults.Clear();
        await watched.OrderAsync("certificate-held", "retry");
        await watched.AfterFaultsAsync("SweepCertificates");
        Assert.Empty(watched.Raised());
        Assert.Single(watched.App.Simulator.Certificates.Snapshot());
    }

    [Fact]
    public async Task Certificate_waiting()
    {
        await using var watched = await StartAsync();
        await watched.DropCertificateAsync();
        var lease = (await OnlyAsync(watched)).GetBlobLeaseClient();
        await lease.AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration, cancellationToken: Cancellation);
        await watched.FireAsync("SweepCertificates");
        watched.Clock.Shift = TimeSpan.FromHours(25);
        await watched.FireAsync("CrawlCertifications");
        await watched.FireAsync("SweepCertificates");
        await watched.MeasureAsync();

        Assert.Equal("kind=certificate-waiting, severity=2, open=1", watched.Called());

        await lease.BreakAsync(TimeSpan.Zero, cancellationToken: Cancellation);
        await watched.AfterFaultsAsync("SweepCertificates");
        Assert.Empty(watched.Raised());
    }

    [Fact]
    public async Task File_stuck()
    {
        await using var watched = await StartAsync();
        await watched.DropCertificateAsync();
        await (await OnlyAsync(watched)).SetAccessTierAsync(AccessTier.Archive, cancellationToken: Cancellation);
        await watched.FireAsync("SweepCertificates");
        await watched.MeasureAsync();

        Assert.Equal("kind=file-stuck, severity=2, open=1", watched.Called());

        await (await OnlyAsync(watched)).SetAccessTierAsync(AccessTier.Hot, cancellationToken: Cancellation);
        await watched.AfterFaultsAsync("SweepCertificates");
        Assert.Empty(watched.Raised());
    }

    [Theory]
    [InlineData("accept")]
    [InlineData("retry")]
    public async Task Certificate_unknown(string verb)
    {
        await using var watched = await StartAsync();
        watched.App.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Close, Method = "POST", Times = 1 });
        await watched.DropCertificateAsync();
        for (var i = 0; i < 3; i++)
            await watched.FireAsync("SweepCertificates");
        await watched.MeasureAsync();

        Assert.Equal("kind=certificate-unknown, severity=2, open=1", watched.Called());

        // Nobody decides while the request may still be on its way.
        watched.Clock.Shift = TimeSpan.FromMinutes(10);
        await watched.OrderAsync("certificate-unknown", verb);
        await watched.AfterFaultsAsync("SweepCertificates");
        Assert.Empty(watched.Raised());
        Assert.Equal(verb == "retry" ? 1 : 0, watched.App.Simulator.Certificates.Snapshot().Count);
    }

    [Theory]
    [InlineData("list.csv", "list-refused: 1")]
    [InlineData("a riddle.pdf", "certificate-rejected: 1")]
    public async Task What_is_to_be_corrected_is_daily_work(string file, string open)
    {
        await using var watched = await StartAsync();
        var isPdf = file.EndsWith(".pdf", StringComparison.Ordinal);
        await watched.App.DropAsync(file, isPdf ? SamplePdf.Create("A riddle") : "file\nnone.pdf"u8.ToArray());
        await watched.FireAsync("SweepCertificates");
        await watched.MeasureAsync();

        Assert.Equal($"open={open}", watched.Summed());

        var entry = await watched.FindAsync(open.Split(':')[0]);
        await watched.ManageAsync($"certificates/nl/{entry["key"]}/dismiss");
        await watched.MeasureAsync();
        Assert.Empty(watched.Raised());
    }

    [Fact]
    public async Task Sending_stopped()
    {
        await using var watched = await StartAsync();
        await watched.ManageAsync("certificates/nl/stop");
        await watched.MeasureAsync();

        Assert.Equal("open=sending-stopped: 1", watched.Summed());

        await watched.OrderAsync("sending-stopped", "start");
        await watched.MeasureAsync();
        Assert.Empty(watched.Raised());
    }

    private async Task<WatchedApp> StartAsync()
    {
        var watched = await WatchedApp.StartAsync(azurite);
        await watched.FireAsync("CrawlCertifications");
        return watched;
    }

    private static async Task<BlockBlobClient> OnlyAsync(WatchedApp watched)
    {
        var blob = await watched.App.Drop.GetBlobsAsync(cancellationToken: Cancellation).SingleAsync(Cancellation);
        return watched.App.Drop.GetBlockBlobClient(blob.Name);
    }
}

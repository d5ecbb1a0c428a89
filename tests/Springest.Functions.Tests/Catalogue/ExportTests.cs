using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>The snapshots after full passes.</summary>
public sealed class ExportTests(AzuriteFixture azurite)
{
    private readonly string _prefix = $"t{Guid.NewGuid():N}"[..12];

    [Fact]
    public async Task A_snapshot_holds_every_record_and_no_formula()
    {
        await using var simulator = await SimulateAsync();
        var trainings = simulator.Catalogue.Trainings;
        trainings.Update(trainings.Ids[0], training => training["name"] = "=HYPERLINK(\"http://evil\"), of zoiets");
        await using var app = await StartAsync(simulator);

        await app.CompleteAsync();

        var blobs = await app.ExportsAsync();
        Assert.Equal(4, blobs.Count);
        var manifest = JsonNode.Parse(blobs["nl/trainings/latest.json"])!;
        var folder = (string)manifest["folder"]!;
        Assert.Equal(blobs["nl/trainings/latest.json"], blobs[$"{folder}/manifest.json"]);
        Assert.Equal(40, (int)manifest["records"]!);
        var lines = Unpack(blobs[$"{folder}/records.ndjson.gz"]);
        Assert.Equal(trainings.Ids.Select(id => trainings.Json(id)!), Encoding.UTF8.GetString(lines).TrimEnd('\n').Split('\n'));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(lines)), (string?)manifest["sha256"]);
        var sheet = Encoding.UTF8.GetString(blobs[$"{folder}/records.csv"]).Split("\r\n");
        Assert.StartsWith("\ufeff\"Id\",\"Name\",", sheet[0], StringComparison.Ordinal);
        Assert.StartsWith($"{trainings.Ids[0]},\"'=HYPERLINK(\"\"http://evil\"\"), of zoiets\",", sheet[1], StringComparison.Ordinal);
        Assert.Equal(42, sheet.Length);
    }

    [Fact]
    public async Task Old_snapshots_are_kept_by_number()
    {
        await using var simulator = await SimulateAsync();
        await using var app = await StartAsync(simulator);

        for (var pass = 0; pass < 4; pass++)
            await app.CompleteAsync();

        Assert.Equal(2, (await app.ExportsAsync()).Keys.Count(name => name.EndsWith("/manifest.json", StringComparison.Ordinal)));
        Assert.Equal((2 * 3) + 1, (await app.ExportsAsync()).Count);
    }

    private static byte[] Unpack(byte[] packed)
    {
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress))
            gzip.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    private static Task<SimulatorServer> SimulateAsync()
        => SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 40, Subjects = 3, Certifications = 3 }, TestContext.Current.CancellationToken);

    private Task<MirrorApp> StartAsync(SimulatorServer simulator)
        => MirrorApp.StartAsync(azurite.Azurite.ConnectionString, _prefix, simulator, new() { ["Springest:Mirror:ExportsKept"] = "2" });
}

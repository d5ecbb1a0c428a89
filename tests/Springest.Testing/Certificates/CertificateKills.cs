using System.Net;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.AspNetCore.Http;
using Springest.Simulator;
using Springest.Simulator.Behaviours;

namespace Springest.Testing.Certificates;

/// <summary>
/// The app as a process that is killed again and again while it submits certificates, each time at a request to storage that is drawn,
/// before or after it was carried out; now and then Springest's answer is lost as well. In the end a person decides what nobody can know.
/// </summary>
internal sealed class CertificateKills : IAsyncDisposable
{
    private const int FilesPerLife = 4;

    private readonly SimulatorServer _simulator;
    private readonly Random _random;
    private readonly string _prefix = $"k{Guid.NewGuid():N}"[..12];
    private readonly BlobServiceClient _blobs;
    private readonly string _log = Path.GetTempFileName();
    private Victim _victim = null!;
    private int _dropped;

    private CertificateKills(Azurite azurite, SimulatorServer simulator, int seed)
        => (_simulator, _random, _blobs) = (simulator, new Random(seed), new BlobServiceClient(azurite.ConnectionString));

    /// <summary>How many processes have been killed at work.</summary>
    public int Kills { get; private set; }

    public static async Task<CertificateKills> StartAsync(Azurite azurite, int seed, CancellationToken cancellationToken)
    {
        var kills = new CertificateKills(azurite, await CertificateProcess.SimulateAsync(cancellationToken), seed);
        kills._victim = await Victim.OpenAsync(
            azurite,
            storage => kills.StartAppAsync(storage, cancellationToken),
            request => ValueTask.FromResult(IsOfCertificates(request)),
            cancellationToken);
        return kills;
    }

    /// <summary>One life: files are dropped, a process works on them, and is killed.</summary>
    public async Task LiveAsync(CancellationToken cancellationToken)
    {
        if (_random.Next(3) == 0)
            _simulator.Behaviour.Faults.Add(
                new Fault
                {
                    Kind = FaultKind.Close,
                    Method = "POST",
                    AfterHandling = _random.Next(2) == 0,
                    Times = 1,
                });
        await _victim.StartAsync();
        _victim.KillAt(_random.Next(1, 40 * FilesPerLife), afterwards: _random.Next(2) == 0);
        await DropAsync(cancellationToken);
        // What is left to do may be less than was drawn; an idle process is killed as well.
        if (await Task.WhenAny(_victim.Death, Task.Delay(TimeSpan.FromSeconds(8), TimeProvider.System, cancellationToken)) == _victim.Death)
            Kills++;
        _victim.App.Kill();
    }

    /// <summary>Nobody is killed any more; what is in doubt is decided by somebody who has asked Springest.</summary>
    /// <returns>How many certificates Springest has, how many of them twice, how many files have no receipt, and how many doubts were
    /// decided.</returns>
    public async Task<(int Submitted, int Twice, int Lost, int Decided)> SettleAsync(CancellationToken cancellationToken)
    {
        _simulator.Behaviour.Faults.Clear();
        await _victim.StartAsync();
        using var http = new HttpClient
        {
            BaseAddress = new Uri(_victim.App.Address, "api/"),
            DefaultRequestHeaders = { { "x-access-key", CertificateProcess.OperatorKey } },
        };
        // What an answer that was lost may have paused.
        (await http.PostAsync("manage/certificates/nl/start", null, cancellationToken)).Dispose();
        var decided = new HashSet<string>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(15));
        while ((await NamesAsync(Container(""), patience.Token)).Count > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, patience.Token);
            foreach (var doubt in await DoubtsAsync(http, patience.Token))
                decided.UnionWith(await DecideAsync(http, doubt, patience.Token) ? [doubt["submission"]!.GetValue<string>()] : []);
        }

        var posted = _simulator.Certificates.Snapshot();
        var receipts = (await NamesAsync(Container("-accepted"), cancellationToken))
            .Where(name => name.EndsWith(".receipt.json", StringComparison.Ordinal))
            .ToList();
        var lost = Enumerable.Range(0, _dropped).Count(number => !receipts.Contains($"nl/{number}.pdf.receipt.json"));
        return (posted.Count, posted.Count - posted.Select(certificate => certificate.Sha256).Distinct().Count(), lost, decided.Count);
    }

    public async ValueTask DisposeAsync()
    {
        await _victim.DisposeAsync();
        await _simulator.DisposeAsync();
        File.Delete(_log);
    }

    private Task<AppProcess> StartAppAsync(string storage, CancellationToken cancellationToken) => CertificateProcess.StartAsync(
        storage,
        _prefix,
        _simulator,
        _log,
        new Dictionary<string, string>
        {
            ["Springest__Sites__nl__Retries"] = "0",
            ["Springest__Mirror__LeaseDuration"] = "00:00:05",
            ["Springest__Certificates__ReadBackSchedule"] = "*/5 * * * * *",
            ["Springest__Certificates__LeaseDuration"] = "00:00:03",
            ["Springest__Certificates__RetryDelay"] = "00:00:00",
            ["Springest__Certificates__MetadataWait"] = "00:00:00",
        },
        cancellationToken);

    // Not the making of tables and containers.
    private static bool IsOfCertificates(HttpRequest request)
        => request.Path.Value!.Contains("certificate", StringComparison.OrdinalIgnoreCase) && request.Query["restype"] != "container";

    private async Task DropAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < FilesPerLife; i++)
        {
            var number = _dropped++;
            var metadata = new Dictionary<string, string>
            {
                ["certification"] = "Projectleider",
                ["email"] = $"p{number}@example.test",
                ["valid_from"] = "2026-01-15",
            };
            await Container("")
                .GetBlobClient($"nl/{number}.pdf")
                .UploadAsync(
                    new BinaryData(SamplePdf.Create($"{number}")),
                    new BlobUploadOptions { Metadata = metadata },
                    cancellationToken);
        }
    }

    private BlobContainerClient Container(string suffix) => _blobs.GetBlobContainerClient($"{_prefix}certificates{suffix}");

    private static ValueTask<List<string>> NamesAsync(BlobContainerClient container, CancellationToken cancellationToken)
        => container.GetBlobsAsync(cancellationToken: cancellationToken).Select(blob => blob.Name).ToListAsync(cancellationToken);

    private static async Task<List<JsonObject>> DoubtsAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var answer = JsonNode.Parse(await http.GetStringAsync("certificates?state=OutcomeUnknown&top=200", cancellationToken))!;
        return [.. answer["items"]!.AsArray().Select(item => item!.AsObject())];
    }

    /// <summary>Looks at Springest whether it is there, which only people can, and says so.</summary>
    private async Task<bool> DecideAsync(HttpClient http, JsonObject doubt, CancellationToken cancellationToken)
    {
        var there = _simulator
            .Certificates.Snapshot()
            .FirstOrDefault(certificate => certificate.Sha256 == doubt["contentHash"]!.GetValue<string>());
        var order = there is null ? "retry" : $"accept?id={there.Id}";
        using var answer = await http.PostAsync($"manage/certificates/nl/{doubt["submission"]}/{order}", null, cancellationToken);
        return answer.StatusCode == HttpStatusCode.NoContent;
    }
}

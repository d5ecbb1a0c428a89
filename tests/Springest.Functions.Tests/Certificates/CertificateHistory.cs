using System.Globalization;
using System.Security.Cryptography;
using Springest.Functions.Certificates;
using Springest.Simulator.Behaviours;

namespace Springest.Functions.Tests.Certificates;

/// <summary>One random history of a few files, and what must hold at its end.</summary>
internal sealed class CertificateHistory(CertificateWorld world, int seed)
{
    private static readonly TimeSpan[] _pauses = [TimeSpan.Zero, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(6), TimeSpan.FromHours(2)];

    private readonly Random _random = new(seed);
    private readonly string _folder = $"nl/{seed}-{Guid.NewGuid():N}/";
    private readonly HashSet<string> _dropped = [];
    private readonly HashSet<string> _replaced = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task RunAsync()
    {
        world.Simulator.Certificates.Clear();
        var names = Enumerable.Range(0, _random.Next(1, 4)).Select(number => $"{_folder}{number}.pdf").ToList();
        foreach (var name in names)
            await DropAsync(name);

        for (var round = _random.Next(1, 5); round > 0; round--)
        {
            SetFaults();
            await Task.WhenAll(world.Instances.Take(_random.Next(1, world.Instances.Count + 1)).Select(instance => LiveAsync(instance, names)).ToList());
            world.Clock.Advance(_pauses[_random.Next(_pauses.Length)]);
            if (_random.Next(6) == 0)
                await DropAsync(names[_random.Next(names.Count)]);
        }

        await SettleAsync();
        await CheckAsync();
        foreach (var name in (await CertificateWorld.FilesAsync(world.Containers.Drop, _folder)).Keys)
            await world.Containers.Drop.GetBlobClient(name).DeleteAsync(cancellationToken: Cancellation);
    }

    private async Task DropAsync(string name)
    {
        var content = CertificateDesk.Pdf($"{_folder}{_random.Next(2)}");
        var metadata = CertificateDesk.Fields(email: $"p{_random.Next(2)}@{seed.ToString(CultureInfo.InvariantCulture)}.example.test");
        var before = await CertificateWorld.FilesAsync(world.Containers.Drop, name);
        if (before.TryGetValue(name, out var replaced))
            _replaced.Add(Hash(replaced));
        await world.DropAsync(name, content, metadata);
        _dropped.Add(Hash(content));
    }

    private void SetFaults()
    {
        world.Simulator.Behaviour.Faults.Clear();
        if (_random.Next(2) == 0)
            return;
        // Springest's word that it let nobody in is taken for what it says.
        var status = ((int[])[401, 500, 502, 503])[_random.Next(4)];
        world.Simulator.Behaviour.Faults.Add(new Fault
        {
            Kind = ((FaultKind[])[FaultKind.Answer, FaultKind.Close, FaultKind.Truncate])[_random.Next(3)],
            Status = status,
            Method = _random.Next(3) == 0 ? null : "POST",
            AfterHandling = status != 401 && _random.Next(2) == 0,
            Times = _random.Next(1, 4),
        });
    }

    /// <summary>An instance works until it is done or dies.</summary>
    private async Task LiveAsync(CertificateWorld.Instance instance, List<string> names)
    {
        instance.Life.Mend();
        if (_random.Next(3) > 0)
            instance.Life.CutAt(_random.Next(1, 45), answerLost: _random.Next(2) == 0);
        var events = names.Where(_ => _random.Next(3) > 0).ToList();
        var sweeps = _random.Next(2) == 0 || events.Count == 0;
        await Task.WhenAll([.. events.Select(name => EndAsync(instance.TakeInAsync(name))), .. sweeps ? [EndAsync(instance.SweepAsync())] : (Task[])[]]);
        instance.Life.Mend();
    }

    private static async Task EndAsync(Task work) => await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Nothing goes wrong any more, and there is all the time in the world.</summary>
    private async Task SettleAsync()
    {
        world.Simulator.Behaviour.Faults.Clear();
        var round = 0;
        do
        {
            world.Clock.Advance(TimeSpan.FromHours(3));
            await world.Instances[0].SweepAsync();
        }
        while (++round < 2 || (round < 6 && (await CertificateDesk.NamesAsync(world.Containers.Drop)).Count > 0));
    }

    private async Task CheckAsync()
    {
        var posted = world.Simulator.Certificates.Snapshot();
        Assert.True(
            posted.Select(certificate => (certificate.Sha256, certificate.Fields["email"])).Distinct().Count() == posted.Count,
            $"SEED={seed}: something was submitted twice");

        var rows = new List<CertificateSubmission>();
        foreach (var state in Enum.GetValues<SubmissionState>())
            rows.AddRange(await world.Ledger.ListAsync(state, "nl", Cancellation).Where(row => row.Blob.StartsWith(_folder, StringComparison.Ordinal)).ToListAsync(Cancellation));
        var accepted = rows.Where(row => row.State == SubmissionState.Accepted).Select(row => row.CertificateId!.Value).ToList();
        Assert.True(accepted.Distinct().Count() == accepted.Count, $"SEED={seed}: two submissions claim one certificate");
        Assert.True(accepted.All(id => posted.Any(certificate => certificate.Id == id)), $"SEED={seed}: the ledger knows more than Springest");
        foreach (var person in posted.Where(certificate => !accepted.Contains(certificate.Id)).GroupBy(certificate => certificate.Fields["email"]))
        {
            // Springest lists no files: it cannot tell which of a person's submissions arrived, if not all of them did.
            var doubted = rows.Count(row => row.State == SubmissionState.OutcomeUnknown && row.Email == person.Key);
            Assert.True(doubted > person.Count(), $"SEED={seed}: a certificate arrived, and nobody knows");
        }

        var receipts = (await CertificateDesk.NamesAsync(world.Containers.Accepted)).Count(name =>
            name.StartsWith(_folder, StringComparison.Ordinal) && name.EndsWith(".receipt.json", StringComparison.Ordinal));
        Assert.True(receipts == accepted.Count, $"SEED={seed}: {accepted.Count} accepted, {receipts} receipts");

        var waiting = await CertificateWorld.FilesAsync(world.Containers.Drop, _folder);
        foreach (var name in waiting.Keys)
            Assert.True(rows.Exists(row => row.State == SubmissionState.OutcomeUnknown && row.CertificateId is null), $"SEED={seed}: {name} was left in the drop");

        var moved = (await CertificateWorld.FilesAsync(world.Containers.Accepted, _folder)).Values.Select(Hash)
            .Concat((await CertificateWorld.FilesAsync(world.Containers.Rejected, _folder)).Values.Select(Hash))
            .Concat(waiting.Values.Select(Hash)).ToHashSet();
        Assert.True(_dropped.Except(_replaced).All(moved.Contains), $"SEED={seed}: a file was lost");
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}

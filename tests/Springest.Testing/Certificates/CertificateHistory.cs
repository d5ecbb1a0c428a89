using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Submission;

namespace Springest.Testing.Certificates;

/// <summary>One random history of a few files, and what must hold at its end. The same seed is nearly always the same history.</summary>
internal sealed class CertificateHistory
{
    private const string Folder = "nl/";
    private const string Manifest = Folder + "manifest.csv";

    private static readonly TimeSpan[] _pauses = [TimeSpan.Zero, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(6), TimeSpan.FromHours(2)];

    private readonly CertificateWorld _world;
    private readonly Random _random;
    private readonly int _seed;
    private readonly bool _hasManifest;

    /// <summary>Nobody dies and no time passes at work: then every doubt has a request behind it.</summary>
    private readonly bool _isCalm;

    /// <summary>Whether a file may name a booking, which can tell two certificates of a day apart.</summary>
    private readonly bool _hasBookings;

    /// <summary>Whether somebody decides about doubts as soon as there are any.</summary>
    private readonly bool _isHasty;

    /// <summary>Whether one of the instances is of an earlier version.</summary>
    private readonly bool _isMixed;
    private readonly List<string> _names;

    /// <summary>What was dropped, and of that what its owner took away or wrote over.</summary>
    private readonly HashSet<string> _dropped = [];
    private readonly HashSet<string> _takenAway = [];

    /// <summary>How things stand at the end, for whoever looks into a failure.</summary>
    private string _end = "";

    private CertificateHistory(CertificateWorld world, int seed, RemovedGuard removed)
    {
        (_world, _random, _seed) = (world, world.Random, seed);
        _hasManifest = _random.Next(3) == 0;
        _isCalm = _random.Next(4) == 0;
        _hasBookings = !_hasManifest && _random.Next(4) == 0;
        _isHasty = _random.Next(2) == 0;
        _isMixed = _random.Next(4) == 0;
        // What a guard is against does not come to pass every day.
        if (removed != RemovedGuard.None)
            (_isCalm, _isMixed) = (false, removed == RemovedGuard.Version);
        _names = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(number => $"{Folder}{number}.pdf")];
    }

    /// <summary>Lives through a history.</summary>
    /// <returns>What tells it from every other one.</returns>
    /// <exception cref="InvalidOperationException">A promise was broken.</exception>
    public static async Task<string> RunAsync(int seed, RemovedGuard removed = RemovedGuard.None)
    {
        await using var world = await CertificateWorld.CreateAsync(seed, instances: 3, removed: removed);
        try
        {
            await new CertificateHistory(world, seed, removed).RunAsync();
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"SEED={seed}: {e.Message}", e);
        }

        return world.Turns.Trace;
    }

    private async Task RunAsync()
    {
        _world.Springest.IsVerified = _random.Next(4) > 0;
        _world.Springest.NamesPeople = _random.Next(4) > 0;
        _world.Springest.IgnoresEmail = _random.Next(3) == 0;
        _world.Instances[2].Wire.IsOld = _isMixed && !_isCalm;
        foreach (var name in _names)
            await DropAsync(name);
        for (var round = _random.Next(1, 5); round > 0; round--)
        {
            if (_hasManifest && _random.Next(2) == 0)
                await DropManifestAsync();
            SetTrouble();
            await _world.Turns.RunAsync([.. _world.Instances.Take(_random.Next(1, 4)).SelectMany(Live)]);
            if (_random.Next(_pauses.Length) is > 0 and var pause)
            {
                _world.Clock.Advance(_pauses[pause]);
                _world.Springest.Deliver();
            }

            await InterfereAsync();
        }

        await SettleAsync();
        await CheckAsync();
    }

    private async Task DropAsync(string name)
    {
        var content = SamplePdf.Create($"{_random.Next(2)}");
        await TakeAwayAsync(name);
        var metadata = new Dictionary<string, string>();
        if (!_hasManifest)
            (metadata["certification_id"], metadata["email"], metadata["valid_from"]) = ("3101", Email(), "2026-01-15");
        if (_hasBookings && _random.Next(3) is > 0 and var booking)
            metadata["booking_id"] = $"{booking}";
        await _world.DropAsync(name, content, metadata);
        _dropped.Add(Hash(content));
    }

    private async Task DropManifestAsync()
    {
        var lines = string.Concat(_names.Select(name => $"{name[Folder.Length..]};Projectleider;{Email()};15-1-2026\r\n"));
        await _world.DropAsync(Manifest, Encoding.UTF8.GetBytes($"file;certification;email;valid_from\r\n{lines}"), []);
    }

    private string Email() => $"p{_random.Next(2)}@{_seed.ToString(CultureInfo.InvariantCulture)}.example.test";

    /// <summary>Whoever owns a file takes it back, or writes over it.</summary>
    private async Task InterfereAsync()
    {
        if (_random.Next(8) == 0)
            await _world.Office.Get<SendingGate>().StopAsync("nl", null, null, CancellationToken.None);
        else if (_random.Next(4) == 0)
            await _world.Office.Get<SendingGate>().StartAsync("nl", CancellationToken.None);
        var name = _names[_random.Next(_names.Count)];
        if (_random.Next(6) == 0)
            await DropAsync(name);
        else if (_random.Next(12) == 0 && await TakeAwayAsync(name))
            await _world.Containers.Drop.GetBlobClient(name).DeleteAsync();
    }

    private async Task<bool> TakeAwayAsync(string name)
    {
        var there = (await CertificateWorld.BlobsAsync(_world.Containers.Drop)).GetValueOrDefault(name);
        if (there is not null)
            _takenAway.Add(Hash(there));
        return there is not null;
    }

    private void SetTrouble()
    {
        _world.Springest.Trouble = _random.Next(2) == 0 ? 0 : _random.Next(1, 6);
        _world.IsSlow = !_isCalm && _random.Next(2) == 0;
        foreach (var instance in _world.Instances)
        {
            instance.Wire.Trouble = _random.Next(3) == 0 ? _random.Next(8, 40) : 0;
            instance.Wire.FileTrouble = _random.Next(3) == 0 ? _random.Next(1, 4) : 0;
            instance.Wire.Stalls = _random.Next(3) == 0 ? _random.Next(3, 12) : 0;
        }
    }

    /// <summary>An instance hears of some files and may sweep, all at once; it may die of it.</summary>
    private IEnumerable<Func<Task>> Live(CertificateWorld.Instance instance)
    {
        instance.Life.Mend();
        if (!_isCalm && _random.Next(3) > 0)
            instance.Life.CutAt(_random.Next(1, 70), answerLost: _random.Next(2) == 0);
        var events = _names.Append(Manifest).Where(_ => _random.Next(3) > 0).ToList();
        var works = events.Select(name => (Func<Task>)(() => instance.TakeInAsync(name))).ToList();
        for (var sweeps = events.Count == 0 ? 1 : _random.Next(3); sweeps > 0; sweeps--)
            works.Add(instance.SweepAsync);
        if (_random.Next(4) == 0)
            works.Add(instance.VerifyAsync);
        if (_isHasty && _random.Next(2) == 0)
            works.Add(() => instance.DecideAsync(_world.Springest));
        return works;
    }

    /// <summary>Nothing goes wrong any more, and there is all the time in the world.</summary>
    private async Task SettleAsync()
    {
        (_world.Springest.Trouble, _world.IsSlow) = (0, false);
        foreach (var instance in _world.Instances)
        {
            instance.Life.Mend();
            (instance.Wire.Trouble, instance.Wire.FileTrouble, instance.Wire.Stalls) = (0, 0, 0);
        }

        _world.Springest.Deliver();
        await _world.Office.Get<SendingGate>().StartAsync("nl", CancellationToken.None);
        if (_hasManifest)
            await DropManifestAsync();
        var round = 0;
        do
        {
            _world.Clock.Advance(TimeSpan.FromHours(3));
            await _world.Instances[0].SweepAsync();
        }
        while (++round < 3 || (round < 8 && (await CertificateWorld.BlobsAsync(_world.Containers.Drop)).Count > 0));
        await _world.Instances[0].VerifyAsync();
        if (_isHasty)
            await _world.Office.DecideAsync(_world.Springest);
        // What somebody has sent again is sent, and then its list ends, once nobody can add to it any more.
        for (var last = 0; last < 4; last++)
        {
            _world.Clock.Advance(TimeSpan.FromDays(1));
            await _world.Instances[0].SweepAsync();
        }

        await _world.Instances[0].VerifyAsync();
    }

    private async Task CheckAsync()
    {
        var all = new List<LedgerRow>();
        foreach (var state in Enum.GetValues<SubmissionState>())
            all.AddRange(await _world.Ledger.ListAsync(state).ToListAsync());
        var rows = all.OfType<SubmissionEntity>().ToList();
        var (drop, accepted, rejected) = (
            await CertificateWorld.BlobsAsync(_world.Containers.Drop), await CertificateWorld.BlobsAsync(_world.Containers.Accepted),
            await CertificateWorld.BlobsAsync(_world.Containers.Rejected));
        _end = $"""
            dropped {_dropped.Count}, taken away {_takenAway.Count}, at Springest {string.Join(
                ", ",
                _world.Springest.Certificates.Select(each =>
                    $"{each.Id} of {each.Fields["email"]} {each.Fields.GetValueOrDefault("booking_id")}")
            )}
            drop: {string.Join(", ", drop.Keys)}
            accepted: {string.Join(", ", accepted.Keys)}
            rejected: {string.Join(", ", rejected.Keys)}
            {string.Join(
                "\n",
                all.Select(row =>
                    $"{row.RowKey[..12]} {row.Blob} {(row as SubmissionEntity)?.Email} {(row as SubmissionEntity)?.BookingId} {row.State} "
                        + $"{row.Code} {row.CertificateId}{(row.Unreported ? " unreported" : "")}")
            )}
            """;

        Check(all.TrueForAll(row => !row.Unreported), "somebody was not told");
        Check(all.Select(row => row.RowKey).Distinct().Count() == all.Count, "a row is in two states");
        CheckSubmissions(rows);
        var receipts = accepted.Keys.Count(name =>
            name.EndsWith(".receipt.json", StringComparison.Ordinal) && !name.Contains("manifest", StringComparison.Ordinal));
        Check(
            receipts == rows.Count(row => row.State == SubmissionState.Accepted),
            $"there are {receipts} receipts for {rows.Count(row => row.State == SubmissionState.Accepted)} certificates");
        Check(
            drop.Count == 0 || rows.Exists(row => row is { State: SubmissionState.OutcomeUnknown, CertificateId: null }),
            "a file is left in the drop");
        var found = drop.Values.Concat(accepted.Values).Concat(rejected.Values).Select(Hash).ToHashSet();
        Check(_dropped.Except(_takenAway).All(found.Contains), "a file was lost");
        Check(
            rejected
                .Keys.Where(name => name.EndsWith(".pdf", StringComparison.Ordinal))
                .All(name => rejected.ContainsKey(name + ".rejection.json")),
            "a rejection gives no reason");
    }

    private void CheckSubmissions(List<SubmissionEntity> rows)
    {
        var posted = _world.Springest.Certificates;
        Check(
            posted.Select(each => (each.Fields["email"], each.Fields.GetValueOrDefault("booking_id"))).Distinct().Count() == posted.Count
                && posted.GroupBy(each => each.Fields["email"]).All(person => person.Count() <= 2),
            "something was submitted twice");
        Check(
            rows.TrueForAll(row => row.State is not (SubmissionState.Duplicate or SubmissionState.Replaced)
                || rows.Exists(other => other.RowKey == row.Other)),
            "a file was set aside for one that there is not");
        var accepted = rows.Where(row => row.State == SubmissionState.Accepted).ToList();
        Check(
            accepted.TrueForAll(row => posted.Any(each => (each.Sha256, each.Fields["email"]) == (row.ContentHash, row.Email))),
            "the ledger knows more than Springest");
        // Springest may have taken one without saying its number.
        var numbered = accepted.FindAll(row => row.CertificateId is not null);
        Check(numbered.Select(row => row.CertificateId).Distinct().Count() == numbered.Count, "two submissions claim one certificate");
        Check(
            numbered.TrueForAll(row => posted.Any(each => each.Id == row.CertificateId && each.Fields["email"] == row.Email)),
            "a certificate is booked under another's number");
        Check(
            !_world.Springest.IsVerified || numbered.TrueForAll(row => row.Verification == "verified"),
            "a verified certificate is not known to be");
        Check(
            !_isCalm
                || rows.TrueForAll(row =>
                    row.State != SubmissionState.OutcomeUnknown
                    || posted.Any(each => each.Sha256 == row.ContentHash && each.Fields["email"] == row.Email)),
            "a submission is in doubt that was never sent");
        foreach (
            var person in posted.Where(each => !numbered.Exists(row => row.CertificateId == each.Id)).GroupBy(each => each.Fields["email"]))
        {
            // Springest lists no files: it cannot tell which of a person's submissions arrived, if not all of them did.
            var doubted = rows.Count(row => row.State == SubmissionState.OutcomeUnknown && row.Email == person.Key);
            var numberless = accepted.Count(row => row.CertificateId is null && row.Email == person.Key);
            var isTold = _world.Springest is { IsVerified: true, NamesPeople: true };
            Check(
                doubted + numberless > person.Count() || ((doubted == 0 || !isTold) && doubted + numberless == person.Count()),
                "a certificate arrived, and nobody knows");
        }
    }

    private void Check(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException($"SEED={_seed}: {otherwise}\n{_end}");
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}

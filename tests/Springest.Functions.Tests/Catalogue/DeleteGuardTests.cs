using System.Net;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Sync;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>What a list does not show, of little or with no other proof.</summary>
public sealed class DeleteGuardTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_pass_that_shows_nothing_at_all_holds_deletes_however_few()
    {
        using var world = new MemoryWorld(trainings: 3);
        await using var app = await world.StartAsync();
        await world.CompleteAsync(app);
        world.Api.Change(records => records.Clear());

        for (var pass = 0; pass < 3; pass++)
            await world.CompleteAsync(app);
        Assert.Equal(3, (await app.RecordsAsync()).Count);
        Assert.Equal(3, (await StatusAsync(app, nameof(Trainings))).HoldMissing);

        await app.Store.Commands(new("nl", Trainings.Description)).EnqueueAsync(
            SyncCommand.Release, null, TestContext.Current.CancellationToken);
        await world.CompleteAsync(app);
        Assert.Empty(await app.RecordsAsync());
        Assert.Null((await StatusAsync(app, nameof(Trainings))).HoldSince);
    }

    [Fact]
    public async Task What_webhooks_created_behind_a_pass_does_not_count_as_missing()
    {
        using var world = new MemoryWorld(trainings: 100);
        int[] late = [.. Enumerable.Range(1, 6)];
        foreach (var id in late)
            world.Api.Remove(id);
        await using var app = await world.StartAsync();
        await world.CompleteAsync(app);
        world.Api.FailFrom(60, HttpStatusCode.ServiceUnavailable);
        Assert.Equal(SyncOutcome.Unfinished, await world.TickAsync(app));
        world.Api.Fault = _ => null;
        foreach (var id in late)
        {
            world.Api.Put(id, "New");
            await app.Mirror.RefreshAsync(
                new("nl", Trainings.Description),
                id,
                () => Task.FromResult(true),
                TestContext.Current.CancellationToken);
        }

        Assert.Equal(SyncOutcome.Completed, await world.TickAsync(app));

        var status = await StatusAsync(app, nameof(Trainings));
        Assert.Equal((null, 0, 100), (status.HoldSince, status.HoldMissing, status.Records));
    }

    [Fact]
    public async Task A_certification_is_deleted_when_every_pass_of_two_days_has_missed_it()
    {
        var clock = new ShiftedClock();
        await using var simulator = await SimulateAsync();
        await using var app = await StartAsync(simulator, clock);
        await app.CompleteAsync(Certifications.Description);
        var (back, gone) = (simulator.Catalogue.Certifications.Ids[0], simulator.Catalogue.Certifications.Ids[2]);
        simulator.Catalogue.Certifications.Show(back, visible: false);
        simulator.Catalogue.Certifications.Remove(gone);

        // The last but one comes 46 hours after the first.
        var elapsed = 0;
        foreach (var hours in (int[])[2, 12, 12, 12, 10])
        {
            elapsed += hours;
            simulator.Catalogue.Certifications.Show(back, visible: elapsed == 26);
            await PassAfterAsync(app, clock, TimeSpan.FromHours(hours));
        }

        Assert.Equal(4, (await app.RecordsAsync(nameof(Certifications))).Count);
        await PassAfterAsync(app, clock, TimeSpan.FromHours(2));
        Assert.Equal(
            simulator.Catalogue.Certifications.Ids.Append(back).Distinct().Order(),
            (await app.RecordsAsync(nameof(Certifications))).Keys.Order());
        Assert.Equal($"Deleted {gone}", (await app.ChangesAsync())[^1]);
    }

    [Fact]
    public async Task However_far_apart_the_passes_are_no_certification_is_deleted_before_the_third()
    {
        var clock = new ShiftedClock();
        await using var simulator = await SimulateAsync();
        await using var app = await StartAsync(simulator, clock);
        await app.CompleteAsync(Certifications.Description);
        simulator.Catalogue.Certifications.Remove(simulator.Catalogue.Certifications.Ids[2]);

        var left = new List<int>();
        for (var pass = 1; pass <= 3; pass++)
        {
            await PassAfterAsync(app, clock, TimeSpan.FromDays(3));
            left.Add((await app.RecordsAsync(nameof(Certifications))).Count);
        }

        Assert.Equal([4, 4, 3], left);
    }

    [Fact]
    public async Task A_certification_is_not_deleted_sooner_because_more_were_missing_before()
    {
        var clock = new ShiftedClock();
        await using var simulator = await SimulateAsync();
        await using var app = await StartAsync(simulator, clock);
        await app.CompleteAsync(Certifications.Description);
        var (certifications, ids) = (simulator.Catalogue.Certifications, simulator.Catalogue.Certifications.Ids.ToList());
        foreach (var id in ids)
            certifications.Show(id, visible: false);
        await PassAfterAsync(app, clock, TimeSpan.FromHours(1));
        Assert.NotNull((await StatusAsync(app, nameof(Certifications))).HoldSince);
        foreach (var id in ids.Skip(1))
            certifications.Show(id, visible: true);

        for (var hour = 0; hour < 3; hour++)
            await PassAfterAsync(app, clock, TimeSpan.FromHours(1));

        Assert.Null((await StatusAsync(app, nameof(Certifications))).HoldSince);
        Assert.Equal(4, (await app.RecordsAsync(nameof(Certifications))).Count);
        Assert.DoesNotContain("Deleted", string.Join(' ', await app.ChangesAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_an_entry_has_no_readable_id_no_certification_is_deleted()
    {
        var clock = new ShiftedClock();
        await using var simulator = await SimulateAsync();
        await using var app = await StartAsync(simulator, clock);
        await app.CompleteAsync(Certifications.Description);
        var certifications = simulator.Catalogue.Certifications;
        certifications.Remove(certifications.Ids[2]);
        var readable = string.Join(',', certifications.Ids.Select(certifications.Json));
        simulator.Behaviour.Faults.Add(new Fault
        {
            Status = 200,
            Path = "/certifications",
            Body = $$$"""{"meta":{"results":4,"offset":0},"certifications":[{{{readable}}},{"id":"no number"}]}""",
        });

        for (var pass = 1; pass <= 4; pass++)
            await NextDayAsync();

        Assert.Equal(4, (await app.RecordsAsync(nameof(Certifications))).Count);
        Assert.Equal(1, (await StatusAsync(app, nameof(Certifications))).Refused);
        simulator.Behaviour.Faults.Clear();
        await NextDayAsync();
        Assert.Equal(3, (await app.RecordsAsync(nameof(Certifications))).Count);

        Task NextDayAsync()
        {
            clock.Shift += TimeSpan.FromDays(1);
            return app.CompleteAsync(Certifications.Description);
        }
    }

    /// <summary>As the order of the list changes from page to page.</summary>
    [Fact]
    public async Task While_a_page_repeats_one_of_another_no_certification_is_deleted()
    {
        var clock = new ShiftedClock();
        await using var simulator = await SimulateAsync(certifications: 35);
        await using var app = await StartAsync(simulator, clock);
        await app.CompleteAsync(Certifications.Description);
        var certifications = simulator.Catalogue.Certifications;
        var repeating = string.Join(',', certifications.Ids.Skip(29).Take(5).Select(certifications.Json));
        simulator.Behaviour.Faults.Add(new Fault
        {
            Path = "/certifications",
            When = request => request.Parameter("offset") == "30",
            Status = 200,
            Body = $$$"""{"meta":{"results":35,"offset":30},"certifications":[{{{repeating}}}]}""",
        });

        for (var day = 0; day < 4; day++)
            await PassAfterAsync(app, clock, TimeSpan.FromDays(1));

        Assert.Equal(certifications.Ids, (await app.RecordsAsync(nameof(Certifications))).Keys.Order());
        Assert.Equal(1, (await StatusAsync(app, nameof(Certifications))).Unread);
        simulator.Behaviour.Faults.Clear();
        await PassAfterAsync(app, clock, TimeSpan.FromDays(1));
        Assert.Equal(0, (await StatusAsync(app, nameof(Certifications))).Unread);
    }

    /// <summary>As a key that lost its rights, a host that moved and a proxy answer.</summary>
    [Fact]
    public async Task A_404_does_not_count_while_what_is_listed_is_not_found_either()
    {
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { Trainings = 20, Subjects = 3 },
            TestContext.Current.CancellationToken);
        await using var app = await StartAsync(simulator, TimeProvider.System);
        await app.CompleteAsync(Trainings.Description);
        var gone = simulator.Catalogue.Trainings.Ids[7];
        simulator.Catalogue.Trainings.Remove(gone);
        simulator.Behaviour.Faults.Add(
            new Fault
            {
                Path = "/trainings/",
                Status = 404,
                Body = "<html><body><h1>Not Found</h1></body></html>",
            });

        for (var pass = 0; pass < 3; pass++)
            await app.CompleteAsync(Trainings.Description);

        Assert.Equal(20, (await app.RecordsAsync()).Count);
        simulator.Behaviour.Faults.Clear();
        await app.CompleteAsync(Trainings.Description);
        Assert.Equal(simulator.Catalogue.Trainings.Ids.Order(), (await app.RecordsAsync()).Keys.Order());
        Assert.Equal($"Deleted {gone}", (await app.ChangesAsync())[^1]);
    }

    [Fact]
    public async Task An_empty_list_of_certifications_deletes_none_however_long_it_is_empty()
    {
        var clock = new ShiftedClock();
        await using var simulator = await SimulateAsync();
        await using var app = await StartAsync(simulator, clock);
        await app.CompleteAsync(Certifications.Description);
        simulator.Behaviour.Faults.Add(
            new Fault
            {
                Path = "/certifications.json",
                Status = 200,
                Body = """{"meta":{"results":0},"certifications":[]}""",
            });

        for (var day = 0; day < 3; day++)
        {
            await PassAfterAsync(app, clock, TimeSpan.FromDays(1));
        }

        Assert.Equal(4, (await app.RecordsAsync(nameof(Certifications))).Count);
        Assert.Equal(4, (await StatusAsync(app, nameof(Certifications))).HoldMissing);
    }

    /// <summary>A pass over the certifications, some time later.</summary>
    private static Task PassAfterAsync(MirrorApp app, ShiftedClock clock, TimeSpan time)
    {
        clock.Shift += time;
        return app.CompleteAsync(Certifications.Description);
    }

    private static async Task<ResourceStatus> StatusAsync(MirrorApp app, string resource)
        => await app.Status.ReadAsync(TestContext.Current.CancellationToken).SingleAsync(status => status.Resource == resource);

    private static Task<SimulatorServer> SimulateAsync(int certifications = 4)
        => SimulatorServer.StartAsync(
            new SimulatorOptions
            {
                Trainings = 3,
                Subjects = 3,
                Certifications = certifications,
            },
            TestContext.Current.CancellationToken);

    private Task<MirrorApp> StartAsync(SimulatorServer simulator, TimeProvider clock)
        => MirrorApp.StartAsync(azurite.Azurite.ConnectionString, $"t{Guid.NewGuid():N}"[..12], simulator, clock: clock);
}

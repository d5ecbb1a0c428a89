using Microsoft.Extensions.Configuration;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Data;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Webhooks;

/// <summary>
/// What becomes of institutes that webhooks name, and of their trainings. One has 95 of the 120 trainings, which are four pages.
/// </summary>
public sealed class WebhookInstituteTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private TestApp _app = null!;
    private WebhookDriver _webhooks = null!;
    private long _institute;
    private List<long> _own = [];

    private RecordSet Trainings => _app.Simulator.Catalogue.Trainings;

    private RecordSet Institutes => _app.Simulator.Catalogue.Institutes;

    public async ValueTask InitializeAsync()
    {
        _app = await TestApp.StartAsync(
            azurite.Azurite,
            new SimulatorOptions { Trainings = 120, Subjects = 1, Certifications = 1 },
            settings: new()
            {
                // Whole institutes go.
                ["Springest:Mirror:DeleteHoldMinimum"] = "1000",
                ["Springest:Mirror:SnapshotsKept"] = "0",
                ["Springest:Webhooks:InlineBudget"] = "00:00:00",
                ["Springest:Webhooks:RetryDelay"] = "00:00:00.001",
                ["Springest:Webhooks:MaxRetryDelay"] = "00:00:00.001",
            });
        _webhooks = new WebhookDriver(_app);
        _institute = Institutes.Ids[0];
        _own = [.. Trainings.Ids.Take(95)];
        foreach (var id in Trainings.Ids)
            Trainings.Update(id, training => training["institute_id"] = _own.Contains(id) ? _institute : Institutes.Ids[1]);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task An_import_reads_the_institutes_trainings_again_and_removes_the_missing_ones()
    {
        await MirrorAllAsync();
        var gone = _own[3];
        Trainings.Remove(gone);
        foreach (var id in _own)
            Trainings.Update(id, training => training["name"] = "Changed");

        await SayAsync(WebhookBodies.Import(_institute));

        Assert.Equal(_webhooks.Source(), await _webhooks.MirrorAsync());
        Assert.Equal(["0", "30", "60", "90"], Offsets());
        // Once more after the control read, which makes the 404 count.
        Assert.Equal([3, 2], [_webhooks.Reads(), _webhooks.Reads(gone)]);
    }

    [Fact]
    public async Task A_training_that_left_the_institute_is_looked_up_and_stays()
    {
        await MirrorAllAsync();
        var (moved, gone) = (_own[0], _own[1]);
        Trainings.Update(moved, training => training["institute_id"] = Institutes.Ids[1]);
        Trainings.Remove(gone);

        await SayAsync(WebhookBodies.Import(_institute));

        Assert.Equal(_webhooks.Source(), await _webhooks.MirrorAsync());
    }

    [Fact]
    public async Task An_import_that_failed_goes_on_where_it_stopped()
    {
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 400, Times = 1, When = request => request.Parameter("offset") == "60" });

        await SayAsync(WebhookBodies.Import(_institute));

        Assert.Equal(["0", "30", "60", "60", "90"], Offsets());
        Assert.Equal(_own, (await _webhooks.MirrorAsync()).Keys);
    }

    [Fact]
    public async Task An_import_goes_on_where_its_instance_died()
    {
        var settings = _app.Get<IConfiguration>();
        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Import(_institute)));
        await using (var dying = new WebhookInstance(settings, azurite.Azurite.ConnectionString))
        {
            dying.Storage.DiesWhen = () => Offsets().Count == 3;
            await dying.ApplyAsync();
        }

        await using var next = new WebhookInstance(settings, azurite.Azurite.ConnectionString);
        await next.FinishAsync();

        Assert.Equal(["0", "30", "60", "60", "90"], Offsets());
        Assert.Equal(_own, (await _webhooks.MirrorAsync()).Keys);
    }

    [Fact]
    public async Task An_import_begins_anew_where_the_list_has_changed_since()
    {
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 400, Times = 1, When = request => request.Parameter("offset") == "60" });
        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Import(_institute)));
        await _app.FireAsync("ApplyWebhooks");
        // All that follow move up, one of them to where the import has been already.
        Trainings.Remove(_own[0]);

        await _app.FireUntilIdleAsync(_webhooks);

        Assert.Equal(["0", "30", "60", "60", "0", "30", "60", "90"], Offsets());
        Assert.Equal(_own.Skip(1), (await _webhooks.MirrorAsync()).Keys);
    }

    [Fact]
    public async Task An_import_absorbs_the_updates_that_it_covers_and_no_others()
    {
        await MirrorAllAsync();
        var (covered, other) = (_own[5], Trainings.Ids[^1]);
        foreach (var id in new[] { covered, other })
            Trainings.Update(id, training => training["name"] = "Changed");

        await SayAsync(WebhookBodies.Update(covered), WebhookBodies.Update(other), WebhookBodies.Import(_institute));

        Assert.Equal([0, 1], [_webhooks.Reads(covered), _webhooks.Reads(other)]);
        Assert.Equal(_webhooks.Source(), await _webhooks.MirrorAsync());
    }

    [Theory]
    [InlineData("update", "import")]
    [InlineData("import", "update")]
    public async Task An_import_is_not_forgotten_over_what_is_said_of_the_institute_itself(string first, string then)
    {
        await SayAsync(WebhookBodies.Institute(first, _institute), WebhookBodies.Institute(then, _institute));

        Assert.Equal([_institute], await MirroredInstitutesAsync());
        Assert.Equal(_own, (await _webhooks.MirrorAsync()).Keys);
    }

    [Fact]
    public async Task An_institute_that_turns_out_to_be_gone_goes_with_its_trainings_whatever_was_said_of_it()
    {
        await MirrorAllAsync();
        foreach (var id in _own)
            Trainings.Remove(id);
        Institutes.Remove(_institute);

        await SayAsync(WebhookBodies.Institute("destroy", _institute), WebhookBodies.Institute("update", _institute));

        Assert.Equal(_webhooks.Source(), await _webhooks.MirrorAsync());
    }

    [Fact]
    public async Task An_update_that_comes_while_the_import_reads_is_not_absorbed()
    {
        await MirrorAllAsync();
        var covered = _own[5];
        _app.Simulator.Behaviour.Latency = new Latency(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200));
        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(covered), WebhookBodies.Import(_institute)));

        var run = _app.FireAsync("ApplyWebhooks");
        await _app.Simulator.Requests.WaitForAsync(request => request.Parameter("offset") == "30", TestContext.Current.CancellationToken);
        Trainings.Update(covered, training => training["name"] = "Changed after its page was read");
        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Update(covered)));
        await run;
        await _app.FireUntilIdleAsync(_webhooks);

        Assert.Equal(1, _webhooks.Reads(covered));
        Assert.Equal(_webhooks.Source(), await _webhooks.MirrorAsync());
    }

    [Fact]
    public async Task An_updated_institute_is_mirrored_and_one_that_is_gone_removed()
    {
        await SayAsync(WebhookBodies.Institute("update", _institute), WebhookBodies.Institute("update", 999_999_999));

        Assert.Equal([_institute], await MirroredInstitutesAsync());
        Assert.Equal(
            Institutes.Json(_institute),
            (await _webhooks.RowsAsync("Institutes")).Single(row => row.ContainsKey("Json")).GetString("Json"));

        Institutes.Remove(_institute);
        await SayAsync(WebhookBodies.Institute("update", _institute));
        Assert.Empty(await MirroredInstitutesAsync());
    }

    [Fact]
    public async Task A_destroyed_institute_stays_with_its_trainings_while_the_api_is_away()
    {
        await MirrorAllAsync();
        await SayAsync([.. Institutes.Ids.Select(id => WebhookBodies.Institute("update", id))]);
        var before = await _webhooks.MirrorAsync();
        foreach (var id in _own)
            Trainings.Remove(id);
        Institutes.Remove(_institute);
        _app.Simulator.Behaviour.Faults.Add(new Fault { Status = 400 });

        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Institute("destroy", _institute)));
        await _app.FireAsync("ApplyWebhooks");

        Assert.Contains(_institute, await MirroredInstitutesAsync());
        Assert.Equal(before, await _webhooks.MirrorAsync());
        _app.Simulator.Behaviour.Faults.Clear();
        await _app.FireUntilIdleAsync(_webhooks);
        Assert.DoesNotContain(_institute, await MirroredInstitutesAsync());
        Assert.Equal(_webhooks.Source(), await _webhooks.MirrorAsync());
    }

    [Fact]
    public async Task An_institute_said_to_be_destroyed_that_is_there_loses_nothing()
    {
        await MirrorAllAsync();
        await SayAsync(WebhookBodies.Institute("update", _institute));

        await SayAsync(WebhookBodies.Institute("destroy", _institute));

        Assert.Equal([_institute], await MirroredInstitutesAsync());
        Assert.Equal(_webhooks.Source(), await _webhooks.MirrorAsync());
        Assert.DoesNotContain("Deleted", (await _webhooks.RowsAsync("Changes")).Select(change => change.GetString("Change")));
    }

    private async Task MirrorAllAsync()
    {
        await _app.FireAsync("CrawlTrainings");
        _app.Simulator.Requests.Clear();
    }

    private async Task SayAsync(params string[] changes)
    {
        await _webhooks.PostAsync(WebhookBodies.Changes(changes));
        await _app.FireUntilIdleAsync(_webhooks);
    }

    private async Task<List<long>> MirroredInstitutesAsync()
        => [.. (await _webhooks.RowsAsync("Institutes")).Where(row => !row.ContainsKey("DeletedAt")).Select(row => long.Parse(row.RowKey))];

    private List<string?> Offsets()
        => [
            .. _app
                .Simulator.Requests.Snapshot()
                .Where(request => request.Parameter("institute_id") is not null)
                .Select(request => request.Parameter("offset") ?? "0"),
        ];
}

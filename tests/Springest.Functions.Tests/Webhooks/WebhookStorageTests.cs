using System.Collections.Concurrent;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Webhooks;
using Springest.Testing;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Webhooks;

/// <summary>What webhooks and their timer cost in storage.</summary>
public sealed class WebhookStorageTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<string> _pages = new();
    private StorageProxy _storage = null!;
    private TestApp _app = null!;
    private WebhookDriver _webhooks = null!;

    private IReadOnlyList<long> Ids => _app.Simulator.Catalogue.Trainings.Ids;

    public async ValueTask InitializeAsync()
    {
        _storage = await StorageProxy.StartAsync(azurite.Azurite, TestContext.Current.CancellationToken);
        _app = await TestApp.StartAsync(
            azurite.Azurite,
            settings: new()
            {
                ["AzureWebJobsStorage"] = _storage.ConnectionString,
                // No pass has counted what there is.
                ["Springest:Mirror:DeleteHoldMinimum"] = "1000",
            });
        _webhooks = new WebhookDriver(_app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Fact]
    public async Task The_way_into_the_mirror_asks_for_single_rows_only()
    {
        await _webhooks.PostAsync(
            WebhookBodies.Changes(WebhookBodies.Update(Ids[0]), WebhookBodies.Update(Ids[1]), WebhookBodies.Update(Ids[2])));
        var (changed, gone, same, added) = (Ids[0], Ids[1], Ids[2], Ids[3]);
        _app.Simulator.Catalogue.Trainings.Update(changed, training => training["name"] = "Anders");
        _app.Simulator.Catalogue.Trainings.Remove(gone);
        Record();

        var answer = await _webhooks.PostAsync(
            WebhookBodies.Changes(
                WebhookBodies.Update(changed),
                WebhookBodies.Destroy(gone),
                WebhookBodies.Update(same),
                WebhookBodies.Update(added),
                WebhookBodies.Update(999_999_999)));

        Assert.Equal((5, 0, 5), answer.Counts);
        Assert.Contains(_requests, request => request.StartsWith("GET", StringComparison.Ordinal));
        // A question without keys has storage go through a partition, however large. Only a 404 asks one, for a page of what is listed, so
        // that it counts.
        Assert.InRange(_pages.Count, 1, 2);
    }

    [Fact]
    public async Task A_control_read_does_not_fetch_what_was_made_up()
    {
        var forged = Enumerable.Range(1, 9).Select(id => WebhookBodies.Destroy(id));
        await _webhooks.PostAsync(WebhookBodies.Changes([WebhookBodies.Update(Ids[0]), .. forged]));
        Assert.Equal(10, (await _webhooks.RowsAsync("Trainings")).Count);
        Record();

        await _webhooks.PostAsync(WebhookBodies.Changes(WebhookBodies.Destroy(10)));

        var page = Assert.Single(_pages);
        Assert.Contains($"{Ids[0]:D19}", page, StringComparison.Ordinal);
        Assert.DoesNotContain($"{9:D19}", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deletes_of_one_instance_do_not_get_in_each_others_way()
    {
        var gone = Ids.Take(8).ToList();
        await _webhooks.PostAsync(WebhookBodies.Changes([.. Ids.Take(24).Select(WebhookBodies.Update)]));
        gone.ForEach(id => _app.Simulator.Catalogue.Trainings.Remove(id));
        Record();

        var answer = await _webhooks.PostAsync(WebhookBodies.Changes([.. gone.Select(WebhookBodies.Destroy)]));

        Assert.Equal((8, 0, 8), answer.Counts);
        // The row of the count is read and written once for each.
        Assert.Equal(2 * 8, _requests.Count(request => request.Contains(WebhookStorage.Deletes, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_run_of_the_timer_that_finds_nothing_asks_once()
    {
        Record();

        await _app.FireAsync("ApplyWebhooks");

        Assert.Single(_requests);
    }

    /// <summary>Notes all requests from now on, and what those bring that name no single row.</summary>
    private void Record()
    {
        var cancellation = TestContext.Current.CancellationToken;
        _storage.Exchange = async (request, send) =>
        {
            var answer = await send();
            _requests.Enqueue($"{request.Method} {request.Path}");
            if (request.Method == "GET" && !request.Path.Value!.Contains("RowKey=", StringComparison.Ordinal))
                _pages.Enqueue(await answer.Content.ReadAsStringAsync(cancellation));
            return answer;
        };
    }
}

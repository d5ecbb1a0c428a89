namespace Springest.LocalHost.Tests;

public sealed class TimerTests(HostFixture azurite)
{
    [Fact]
    public async Task Timer_fires_in_one_of_several_hosts_and_is_handed_over_at_a_stop()
    {
        var settings = SampleHost.Settings(azurite.ConnectionString, ("Sample__Schedule", "* * * * * *"));
        await using var first = await SampleHost.StartAsync(settings);
        await first.WaitForAsync("journal: tick", 2);
        await using var second = await SampleHost.StartAsync(settings);
        await first.WaitForAsync("journal: tick", 6);
        await second.TextAsync("sample/Quiet");
        Assert.DoesNotContain("journal: tick", await HttpTests.ReadAsync(second.Process.LogFile), StringComparison.Ordinal);

        Assert.Equal(0, await first.Process.StopAsync(TestContext.Current.CancellationToken));

        await using var third = await SampleHost.StartAsync(settings);
        // Whichever of the two asks for the lock first has it.
        var ticks = await await Task.WhenAny(second.WaitForAsync("journal: tick", 2), third.WaitForAsync("journal: tick", 2));
        Assert.All(ticks, tick => Assert.Contains("past due False", tick, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Timer_is_started_by_hand_and_has_a_status_if_it_is_monitored()
    {
        var settings = SampleHost.Settings(azurite.ConnectionString);
        await using var host = await SampleHost.StartAsync(settings);

        using var response = await host.SendAsync(HttpMethod.Post, "admin/functions/Yearly", key: SampleHost.MasterKey);

        Assert.Contains("past due False", (await host.WaitForAsync("journal: yearly"))[0], StringComparison.Ordinal);
        await host.WaitForAsync("Executed 'Functions.Yearly' (Succeeded");
        var status = azurite.Blobs.GetBlobContainerClient("azure-webjobs-hosts")
            .GetBlobClient($"timers/{settings["AzureFunctionsWebHost__hostid"]}/Host.Functions.Yearly/status");
        Assert.True(await status.ExistsAsync(TestContext.Current.CancellationToken));
    }
}

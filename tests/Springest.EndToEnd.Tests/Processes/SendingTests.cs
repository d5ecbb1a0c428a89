using Springest.EndToEnd.Tests.Surroundings;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>Sending is stopped and started by one command, in every instance.</summary>
public sealed class SendingTests(World world) : ProcessTests(world)
{
    [Fact]
    public async Task What_comes_while_sending_is_stopped_is_sent_when_it_is_started_and_once()
    {
        await using var app = await World.StartAsync("sending", Brisk());
        await app.FilledAsync();
        var second = await app.StartInstanceAsync();
        await CommandAsync(app, "stop", second.Address);

        var (file, content, email) = Certificates.Make(app);
        var blob = await app.DropAsync(file, content);
        var (wrong, _, _) = Certificates.Make(app);
        await app.DropAsync(wrong, content[..300]);

        // What is wrong is told all the same.
        await Certificates.RejectionAsync(app, $"nl/{wrong}");
        await Eventually.BeAsync("the good one waits to be sent", async () => (await app.GetAsync("api/certificates?state=Ready"))
            .Json.GetProperty("items").EnumerateArray()
            .Any(row => row.TryGetProperty("code", out var code) && code.GetString() == "sending_stopped"));
        Assert.Empty(app.Simulator.Certificates.Snapshot());

        await CommandAsync(app, "start", second.Address);

        Assert.Equal("accepted", (await Certificates.ReceiptAsync(app, blob)).GetProperty("state").GetString());
        Assert.Equal(1, Certificates.Posted(app, email));
    }

    private static async Task CommandAsync(App app, string command, Uri instance)
    {
        var answer = await app.SendAsync("POST", $"api/manage/certificates/nl/{command}", app.Keys.Operator, instance: instance);
        Assert.Equal(204, (int)answer.Status);
    }
}

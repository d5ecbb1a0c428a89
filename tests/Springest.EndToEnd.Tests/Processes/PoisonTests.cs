using Springest.EndToEnd.Tests.Surroundings;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>A file on which the function fails time after time does not block those behind it.</summary>
public sealed class PoisonTests(World world) : ProcessTests(world)
{
    [Fact]
    public async Task An_event_that_fails_five_times_comes_to_the_poison_queue_and_the_file_is_not_lost()
    {
        await using var app = await World.StartAsync("poison", Brisk(("Springest__Certificates__SweepSchedule", "0 0 0 1 1 *")));
        await app.FilledAsync();
        var (file, content, email) = Certificates.Make(app);
        // Without its ledger the app must not submit anything.
        await app.Table("CertificateSubmissions").DeleteAsync(TestContext.Current.CancellationToken);

        var blob = await app.DropAsync(file, content);

        var queue = app.Queue("webjobs-blobtrigger-poison");
        await Eventually.BeAsync($"{blob} is in the poison queue", async () =>
            await queue.ExistsAsync(TestContext.Current.CancellationToken)
            && (await queue.PeekMessagesAsync(32, TestContext.Current.CancellationToken)).Value.Any(message => message.Body.ToString().Contains(email, StringComparison.Ordinal)));
        Assert.Equal(0, Certificates.Posted(app, email));
        Assert.True(await app.Drop.GetBlobClient(blob).ExistsAsync(TestContext.Current.CancellationToken));

        await app.Table("CertificateSubmissions").CreateIfNotExistsAsync(TestContext.Current.CancellationToken);
        await app.FireAsync("SweepCertificates");
        await Certificates.ReceiptAsync(app, blob);
        Assert.Equal(1, Certificates.Posted(app, email));
    }
}

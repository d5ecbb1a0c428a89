using Springest.EndToEnd.Tests.Surroundings;

namespace Springest.EndToEnd.Tests.Processes;

/// <summary>A file on which the function fails is not tried again at once, five times, but by the sweep.</summary>
public sealed class PoisonTests(World world) : ProcessTests(world)
{
    [Fact]
    public async Task An_event_that_fails_is_repeated_without_work_and_the_file_is_left_to_the_sweep()
    {
        await using var app = await World.StartAsync("poison", Brisk(("Springest__Certificates__SweepSchedule", OnceAYear)));
        await app.FilledAsync();
        var (file, content, email) = Certificates.Make(app);
        // Without its ledger the app must not submit anything.
        await app.Table("CertificateSubmissions").DeleteAsync(TestContext.Current.CancellationToken);

        var blob = await app.DropAsync(file, content);

        await app.Instances[0]
            .WaitForLinesAsync("Executed 'Functions.SubmitCertificate' (Failed", cancellationToken: TestContext.Current.CancellationToken);
        await app.AllEventsAreDealtWithAsync();
        Assert.Equal(
            1,
            app.Instances[0]
                .Said()
                .Split('\n')
                .Count(line => line.Contains("Executed 'Functions.SubmitCertificate' (Failed", StringComparison.Ordinal)));
        var poison = app.Queue("webjobs-blobtrigger-poison");
        if (await poison.ExistsAsync(TestContext.Current.CancellationToken))
            Assert.DoesNotContain(
                (await poison.PeekMessagesAsync(32, TestContext.Current.CancellationToken)).Value,
                message => message.Body.ToString().Contains(email, StringComparison.Ordinal));
        Assert.Equal(0, Certificates.Posted(app, email));
        Assert.True(await app.Drop.GetBlobClient(blob).ExistsAsync(TestContext.Current.CancellationToken));

        await app.Table("CertificateSubmissions").CreateIfNotExistsAsync(TestContext.Current.CancellationToken);
        await app.FireAsync("SweepCertificates");
        await Certificates.ReceiptAsync(app, blob);
        Assert.Equal(1, Certificates.Posted(app, email));
    }
}

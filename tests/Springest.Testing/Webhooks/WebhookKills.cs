using System.Net;
using System.Text;

namespace Springest.Testing.Webhooks;

/// <summary>
/// Runs the app as a process that receives and applies webhooks. It is killed again and again at random requests to storage, and restarted.
/// </summary>
internal static class WebhookKills
{
    /// <summary>Kills as often as told, while webhooks come in.</summary>
    /// <returns>How often a process was killed, and what of the acknowledged is lost, or null.</returns>
    public static async Task<(int Killed, string? Wrong)> RunAsync(
        Azurite azurite,
        int seed,
        int kills,
        CancellationToken cancellationToken)
    {
        await using var world = await WebhookWorld.StartAsync(azurite.ConnectionString);
        var (random, acknowledged, killed) = (new Random(seed), new HashSet<long>(), 0);
        var settings = world.Settings(random.Next(2) * 100);
        await using var witness = new WebhookInstance(settings, azurite.ConnectionString);
        await WebhookWorld.FillAsync(witness);
        await using var victim = await Victim.OpenAsync(
            azurite,
            storage => world.StartProcessAsync(storage, settings, cancellationToken),
            _ => ValueTask.FromResult(true),
            cancellationToken);
        while (killed < kills)
        {
            await victim.StartAsync();
            victim.KillAt(random.Next(1, 60), afterwards: random.Next(2) == 0);
            while (!victim.IsDead)
                await world.TellAsync(body => DeliverAsync(victim, body, cancellationToken), random, random.Next(1, 5), acknowledged);
            // Now and then the next process has to cope with what this one left.
            if (++killed < kills && random.Next(3) == 0)
                continue;
            await witness.FinishAsync();
            if (await world.CompareAsync(witness, acknowledged.Contains) is { } wrong)
                return (killed, $"seed {seed}, {killed} processes killed: {wrong}");
        }

        return (killed, null);
    }

    private static async Task<bool> DeliverAsync(Victim victim, string json, CancellationToken cancellationToken)
    {
        try
        {
            return await victim.App.PostWebhookAsync(Encoding.UTF8.GetBytes(json), cancellationToken) is HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

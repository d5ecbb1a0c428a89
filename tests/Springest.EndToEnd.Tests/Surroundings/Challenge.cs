namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>Makes sure that the app's Springest is this suite's simulator, before anything else is sent to it.</summary>
internal static class Challenge
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Says by webhook that a training was changed whose number nobody has, and looks whether the simulator is asked for it. For a real
    /// Springest that is one look-up of what does not exist.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is not, or the app takes no webhook.</exception>
    public static async Task PutAsync(App app)
    {
        var training = Ids.Next();
        if (await PostAsync(app, training) is { } refused)
            throw new InvalidOperationException($"{app.Address} takes no webhook: is it the app, and is the function key right? {refused}");

        try
        {
            await Eventually.SeeAsync("the look-up of a training", () => app.LookUps(training).FirstOrDefault(), Patience);
        }
        catch (TimeoutException exception)
        {
            throw new InvalidOperationException(
                $"The Springest of the app at {app.Address} is not this suite's simulator: {app.Simulator.Address} was not asked for a "
                    + "training that a webhook named. "
                    + "Nothing else was sent. Its setting Springest__Sites__nl__Host must lead to the simulator. See docs/testing.md.",
                exception);
        }
    }

    /// <summary>Posts it, again while the app is starting.</summary>
    /// <returns>Null if it was taken, else why not.</returns>
    private static async Task<string?> PostAsync(App app, long training)
    {
        string? refused = null;
        try
        {
            await Eventually.BeAsync("a webhook is answered", async () =>
            {
                try
                {
                    var answer = await app.PostWebhookAsync(Webhook.Update(training));
                    refused = (int)answer.Status == 200 ? null : $"The answer was {(int)answer.Status} {answer.Body}";
                    return (int)answer.Status != 503;
                }
                catch (HttpRequestException exception)
                {
                    refused = exception.Message;
                    return false;
                }
            });
        }
        catch (TimeoutException)
        {
            // What was answered last says it.
        }

        return refused;
    }
}

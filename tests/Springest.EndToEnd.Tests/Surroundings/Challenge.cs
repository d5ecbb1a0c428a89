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
        try
        {
            var answer = await app.PostWebhookAsync(Webhook.Update(training));
            if ((int)answer.Status != 200)
                throw new InvalidOperationException($"{app.Address} answers a webhook by {(int)answer.Status}, not 200: is it the app, and is the function key right? {answer.Body}");
        }
        catch (HttpRequestException exception)
        {
            throw new InvalidOperationException($"There is nothing at {app.Address}. {exception.Message}", exception);
        }

        try
        {
            await Eventually.SeeAsync("the look-up of a training", () => app.LookUps(training).FirstOrDefault(), Patience);
        }
        catch (TimeoutException exception)
        {
            throw new InvalidOperationException(
                $"The Springest of the app at {app.Address} is not this suite's simulator: {app.Simulator.Address} was not asked for a training that a webhook named. "
                + "Nothing else was sent. Its setting Springest__Sites__nl__Host must lead to the simulator. See docs/testing.md.", exception);
        }
    }
}

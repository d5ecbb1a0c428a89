namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>Work of every kind at once, for instances that are to be stopped or killed while they are at it.</summary>
internal static class Work
{
    /// <summary>How many files, and how many webhooks, each time.</summary>
    public const int Files = 3;

    // With so many requests it is not done; what goes on where the last one stopped may have less to ask.
    private const int MostRequests = 25;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Gives it, and waits until the app is in the middle of it: until it has asked the API as often as is drawn.</summary>
    /// <returns>The files that were dropped, and the trainings that webhooks named if they are acknowledged.</returns>
    public static async Task<(List<string> Files, List<Task<long?>> Webhooks)> GiveAsync(App app, Random random)
    {
        var (files, webhooks, cancellation) = (new List<string>(), new List<Task<long?>>(), TestContext.Current.CancellationToken);
        var last = app.Simulator.Requests.Count + random.Next(1, MostRequests);
        for (var file = 0; file < Files; file++)
        {
            var (name, content, _) = Certificates.Make(app);
            files.Add(await app.DropAsync(name, content));
            webhooks.Add(PostAsync(app, Mirror.Publish(app)));
        }

        await app.FireAsync("CrawlTrainings");
        await app.FireAsync("SweepCertificates");
        await app.FireAsync("VerifyCertificates");
        await Task.WhenAny(
            app.Simulator.Requests.WaitForAsync(request => request.Number >= last, cancellation),
            Task.Delay(Patience, TimeProvider.System, cancellation));
        return (files, webhooks);
    }

    /// <summary>Posts a webhook about a training to an app that may die.</summary>
    /// <returns>The training, if the webhook was acknowledged.</returns>
    public static async Task<long?> PostAsync(App app, long training)
    {
        try
        {
            return (int)(await app.PostWebhookAsync(Webhook.Update(training))).Status == 200 ? training : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}

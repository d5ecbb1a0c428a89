using Springest.Simulator;
using Springest.Simulator.Recording;

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>
/// Work of every kind at once, for instances that are to be stopped or killed in the middle of it: a pass over the subjects, certificates,
/// and webhooks about trainings. No pass over trainings is due, so only their webhooks can bring these.
/// </summary>
internal static class Work
{
    /// <summary>How many files, and how many webhooks, each time.</summary>
    public const int OfEachKind = 3;

    // A pass asks for twenty pages, and each file and webhook costs at least one request.
    private const int MostRequests = 20;
    private static readonly TimeSpan PassTime = TimeSpan.FromSeconds(10);

    public static SimulatorOptions Simulated { get; } = App.Simulated with { Subjects = 600 };

    public static (string Setting, string Value)[] Settings { get; } =
    [
        ("Springest__Mirror__Subjects__FullPassInterval", "00:00:00"), ("Springest__Mirror__Trainings__DeltaInterval", ""),
        // Acknowledged is what is stored, and not yet done.
        ("Springest__Webhooks__InlineBudget", "00:00:00"),
    ];

    /// <summary>Gives it, and waits until the app has asked the API as often as is drawn.</summary>
    /// <returns>The files that were dropped, and the trainings that webhooks named if they are acknowledged.</returns>
    public static async Task<(List<string> Files, List<Task<long?>> Webhooks)> GiveAsync(App app, Random random)
    {
        var (files, webhooks) = (new List<string>(), new List<Task<long?>>());
        for (var file = 0; file < OfEachKind; file++)
        {
            var (name, content, _) = Certificates.Make(app);
            files.Add(await app.DropAsync(name, content));
            webhooks.Add(PostAsync(app, Mirror.Publish(app)));
        }

        foreach (var timer in (string[])["CrawlSubjects", "ApplyWebhooks", "SweepCertificates", "VerifyCertificates"])
            await app.FireAsync(timer);
        var last = app.Simulator.Requests.Count + random.Next(MostRequests);
        Task asked = app.Simulator.Requests.WaitForAsync(request => request.Number >= last, TestContext.Current.CancellationToken);
        // A pass that was nearly at its end asks for less than is drawn; then the next one has to come.
        while (await Task.WhenAny(asked, Task.Delay(PassTime, TimeProvider.System, TestContext.Current.CancellationToken)) != asked)
            await app.FireAsync("CrawlSubjects");
        await asked;
        return (files, webhooks);
    }

    /// <summary>The requests of this work that have no answer yet.</summary>
    /// <param name="app">Who sent them.</param>
    /// <param name="waits">Whether until there is one.</param>
    public static async Task<List<RecordedRequest>> UnderWayAsync(App app, bool waits)
    {
        while (true)
        {
            var underWay = app.Simulator.Requests.Snapshot().Where(IsUnderWay).ToList();
            if (underWay.Count > 0 || !waits)
                return underWay;
            await app.Simulator.Requests.WaitForAsync(IsUnderWay, TestContext.Current.CancellationToken);
        }
    }

    public static bool IsOfPass(RecordedRequest request) => request.Path == "/subjects.json";

    public static bool IsOfWebhook(RecordedRequest request) => request.Path.StartsWith("/trainings/", StringComparison.Ordinal);

    public static bool IsOfFile(RecordedRequest request) => request.Method == "POST";

    /// <summary>Posts a webhook about a training to an app that may die.</summary>
    /// <returns>The training, if the webhook was acknowledged.</returns>
    public static async Task<long?> PostAsync(App app, long training)
    {
        try
        {
            var answer = await app.PostWebhookAsync(Webhook.Update(training));
            // As long as it lives it takes it, or has it come again; for a worker that has died its host answers 500.
            Assert.Contains((int)answer.Status, (int[])[200, 500, 503]);
            return (int)answer.Status == 200 ? training : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static bool IsUnderWay(RecordedRequest request)
        => request.Outcome is RequestOutcome.Pending && (IsOfPass(request) || IsOfWebhook(request) || IsOfFile(request));
}

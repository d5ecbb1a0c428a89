using System.Net;

namespace Springest.Tools.Deploy;

/// <summary>
/// Deploys infra/events.bicep once the deployed app answers, since Event Grid asks it at once whether it wants the events.
/// </summary>
internal sealed class EventsCommand(AzdEnvironment environment, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        Console.WriteLine("Waiting for the app to answer.");
        await WaitForAppAsync(cancellationToken);
        Console.WriteLine("Subscribing it to the files that come into the upload container.");
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                await AzureCli.RunAsync([
                    "deployment",
                    "group",
                    "create",
                    "--subscription",
                    environment.Subscription,
                    "--resource-group",
                    environment.ResourceGroup,
                    "--name",
                    "springest-events",
                    "--template-file",
                    "infra/events.bicep",
                    "--parameters",
                    $"appName={environment.AppName}",
                    $"storageName={environment.StorageAccount}",
                    $"topicName={environment.EventTopic}",
                    "--only-show-errors",
                    "--output",
                    "none",
                ]);
                Console.WriteLine($"The app is at {environment.AppUrl}api/console.");
                return 0;
            }
            catch (AzureCli.RefusedException failed) when (!failed.IsForGood && time.GetElapsedTime(started) < Patience)
            {
                // The app answers before its host has made the key of the blob extension; and right after the first provisioning the topic
                // may not write dead letters yet, since new roles take minutes.
                Console.WriteLine($"Not yet: {failed.Message.Split('\n')[^1]}");
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private async Task WaitForAppAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        var (started, last) = (time.GetTimestamp(), "Nothing answered.");
        while (time.GetElapsedTime(started) < Patience)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(environment.AppUrl, "api/health"), cancellationToken);
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
                last = $"The last answer was {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}";
            }
            catch (Exception exception)
                when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                last = exception.Message;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        throw new UserErrorException(
            $"{environment.AppUrl}api/health has not been well for {Patience.TotalMinutes} minutes. {last}\nSee docs/operate.md, "
                + "app-not-configured. Then run `dotnet dev.cs events`.");
    }
}

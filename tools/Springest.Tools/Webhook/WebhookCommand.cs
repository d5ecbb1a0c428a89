using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Springest.Functions.Access;

namespace Springest.Tools.Webhook;

/// <summary>Sends the webhook, and asks until what it names has been read.</summary>
internal sealed class WebhookCommand(WebhookArguments options) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(options.App, "api/"), Timeout = TimeSpan.FromSeconds(100) };

    /// <summary>Sends a webhook, and tells what became of it. The exit code is 1 if something that it names could not be read.</summary>
    public static async Task<int> RunAsync(WebhookArguments options, CancellationToken cancellationToken)
    {
        using var command = new WebhookCommand(options);
        return await command.RunAsync(cancellationToken) ? 0 : 1;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>False if something of it could not be read.</summary>
    private async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (options.Key is not null)
            _http.DefaultRequestHeaders.Add("x-functions-key", options.Key);
        // Not by the command line, which is written down.
        var access = Environment.GetEnvironmentVariable("SPRINGEST_ACCESS_KEY");
        if (!string.IsNullOrEmpty(access))
            _http.DefaultRequestHeaders.Add(AccessKey.Header, access);
        using var content = new ByteArrayContent(options.Body)
        {
            Headers = { ContentType = new("application/json") { CharSet = "utf-8" } },
        };
        var path = $"webhooks/{options.Site}/{options.Feed}";
        using var answer = await TryAsync(() => _http.PostAsync(path, content, cancellationToken));
        if (!answer.IsSuccessStatusCode)
            throw await RefusedAsync(answer);

        var receipt = await ReadAsync(answer);
        Console.WriteLine(
            $"Taken as delivery {receipt["delivery"]}: {Count(receipt, "accepted")} accepted, {Count(receipt, "ignored")} ignored, "
                + $"{Count(receipt, "applied")} applied before the answer.");
        if (Count(receipt, "accepted") == 0)
            return true;
        if (!string.IsNullOrEmpty(access))
            return await FollowAsync($"{receipt["delivery"]}", cancellationToken);
        Console.WriteLine("The console shows what becomes of it; so does this command, with an access key in SPRINGEST_ACCESS_KEY.");
        return true;
    }

    private async Task<bool> FollowAsync(string delivery, CancellationToken cancellationToken)
    {
        var end = TimeProvider.System.GetUtcNow() + options.Wait;
        while (true)
        {
            using var answer = await TryAsync(() => _http.GetAsync($"webhooks/{options.Site}/deliveries/{delivery}", cancellationToken));
            if (!answer.IsSuccessStatusCode)
                throw await RefusedAsync(answer);
            var named = (await ReadAsync(answer))["named"]?.AsArray().OfType<JsonObject>().ToList() ?? [];
            if (TimeProvider.System.GetUtcNow() < end && named.Exists(each => $"{each["state"]}" == "waiting"))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancellationToken);
                continue;
            }

            foreach (var each in named)
                Console.WriteLine($"  {each["object"],-10} {each["id"],-10} {await TellAsync(each, cancellationToken)}");
            return named.TrueForAll(each => $"{each["state"]}" == "done");
        }
    }

    private async Task<string> TellAsync(JsonObject named, CancellationToken cancellationToken)
        => $"{named["state"]}" == "done" ? await LookAsync($"{named["object"]}".ToLowerInvariant(), $"{named["id"]}", cancellationToken)
            : $"{named["state"]}, tried {named["attempts"]} times"
                + $"{(named["nextAttempt"] is { } next ? $", next at {next}" : "")}"
                + $"{(named["error"] is { } error ? $": {error}" : "")}";

    private async Task<string> LookAsync(string about, string id, CancellationToken cancellationToken)
    {
        using var answer = await TryAsync(() => _http.GetAsync($"catalogue/{options.Site}/{about}s/{id}", cancellationToken));
        if (answer.StatusCode is HttpStatusCode.NotFound)
            return about == "training" ? "not at Springest, so not in the mirror" : "done";
        if (!answer.IsSuccessStatusCode)
            throw await RefusedAsync(answer);
        var record = await ReadAsync(answer);
        return $"\"{record["name"]}\", in the mirror as of {record["_mirror"]?["lastChanged"]}";
    }

    private async Task<HttpResponseMessage> TryAsync(Func<Task<HttpResponseMessage>> request)
    {
        try
        {
            return await request();
        }
        catch (HttpRequestException exception)
            when (exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            throw new UserErrorException(
                $"No app listens at {options.App}. Start one by `dotnet dev.cs run` or `dotnet dev.cs demo`, or say by --to where it is.");
        }
        catch (HttpRequestException exception)
        {
            throw new UserErrorException($"The app at {options.App} cannot be reached: {(exception.InnerException ?? exception).Message}");
        }
        catch (TaskCanceledException exception) when (exception.InnerException is TimeoutException)
        {
            throw new UserErrorException(
                $"The app at {options.App} did not answer within {_http.Timeout.TotalSeconds} s. Springest would send the webhook again.");
        }
    }

    private async Task<JsonObject> ReadAsync(HttpResponseMessage answer)
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync<JsonObject>() ?? [];
        }
        catch (JsonException)
        {
            throw new UserErrorException(
                $"What answers at {options.App} is not this app: its answer to {answer.RequestMessage!.RequestUri!.AbsolutePath} is no "
                    + "JSON.");
        }
    }

    private async Task<UserErrorException> RefusedAsync(HttpResponseMessage answer)
    {
        var isProblem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json";
        var detail = isProblem ? $"{(await ReadAsync(answer))["detail"]} " : "";
        var advice = answer.StatusCode switch
        {
            // Only what follows the webhook is asked with it.
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when answer.RequestMessage!.Method == HttpMethod.Get =>
                "The webhook was taken; to see what becomes of it, put the access key of a viewer into SPRINGEST_ACCESS_KEY.",
            HttpStatusCode.Unauthorized when options.Key is null =>
                "A function key is required. Put LocalHost__FunctionKey into the settings, or give the app's key by --key.",
            HttpStatusCode.Unauthorized =>
                "The function key is wrong. The app's own key is LocalHost__FunctionKey of its settings; in Azure, see the function "
                    + "app's keys.",
            HttpStatusCode.NotFound when isProblem => $"The site is '{options.Site}'; choose another by --site.",
            HttpStatusCode.NotFound => "Check that this app listens there.",
            HttpStatusCode.RequestEntityTooLarge => "Springest__Webhooks__MaxBodyBytes and Springest__Webhooks__MaxChanges set the limits.",
            HttpStatusCode.ServiceUnavailable =>
                $"Springest would send it again{(answer.Headers.RetryAfter?.Delta is { } wait ? $" after {wait.TotalSeconds} s" : "")}; "
                    + "the app's log says what is wrong.",
            >= HttpStatusCode.InternalServerError => "The app's log says what is wrong.",
            _ => "",
        };
        return new UserErrorException($"The app at {options.App} answered {(int)answer.StatusCode}. {detail}{advice}".TrimEnd());
    }

    private static int Count(JsonObject receipt, string name) => (int?)receipt[name] ?? 0;
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Identity;
using Azure.Storage.Blobs;
using Springest.Functions.Access;
using Springest.Tools.Deploy;

namespace Springest.Tools;

/// <summary>
/// What one runs against a live app: requests that change nothing, and, where its storage is open to whoever runs it, a file that must be
/// rejected. Nothing of it reaches Springest.
/// </summary>
internal sealed class SmokeCommand : IDisposable
{
    public const string Usage = """
        dotnet dev.cs smoke --to URL [--site nl] [--container certificates]

          URL        where the app is, such as https://example.azurewebsites.net
          --site     the folder of the upload container that the file is put into
          --container  the upload container

          SPRINGEST_ACCESS_KEY  an access key of a viewer, or of an operator to close the to-do entry of the file; asked for, or read from
                                a pipe, where the variable is not set
          SPRINGEST_STORAGE     the app's storage account, by its name (as who is logged in by `az login`) or its connection string;
                                without it no file is uploaded
        """;

    // Nobody has that number, and the file is no PDF either.
    private const string Certification = "999999999999";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;
    private readonly List<(string What, bool? IsWell, string Result)> _rows = [];

    private SmokeCommand(Uri app) => _http = new HttpClient { BaseAddress = app, Timeout = TimeSpan.FromSeconds(100) };

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var options = Read(arguments);
        if (
            !Uri.TryCreate(options["--to"].TrimEnd('/') + "/", UriKind.Absolute, out var app)
            || app.Scheme is not ("http" or "https")
            || app.Query.Length > 0)
            throw new UserErrorException(
                $"--to is '{options["--to"]}' but must be an address such as https://example.azurewebsites.net, without a key.");
        var storage = Open(Environment.GetEnvironmentVariable("SPRINGEST_STORAGE"));
        var key = Environment.GetEnvironmentVariable("SPRINGEST_ACCESS_KEY") is { Length: > 0 } given
            ? given
            : await AskAsync(cancellationToken);
        using var smoke = new SmokeCommand(app);
        await smoke.RequestAsync(key, cancellationToken);
        if (storage is null)
            smoke._rows.Add(("no file was uploaded", null, "SPRINGEST_STORAGE is not set"));
        else
            await smoke.DropAsync(storage, options["--container"], options["--site"], key, cancellationToken);
        return smoke.Report();
    }

    public void Dispose() => _http.Dispose();

    private static Dictionary<string, string> Read(IReadOnlyList<string> arguments)
    {
        var options = new Dictionary<string, string> { ["--to"] = "", ["--site"] = "nl", ["--container"] = "certificates" };
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (!options.ContainsKey(arguments[i]) || i + 1 == arguments.Count)
                throw new UserErrorException(Usage);
            options[arguments[i]] = arguments[i + 1];
        }

        return options["--to"].Length > 0 ? options : throw new UserErrorException(Usage);
    }

    private static BlobServiceClient? Open(string? storage)
    {
        if (string.IsNullOrEmpty(storage))
            return null;
        // With more retries, a person would wait half a minute to be told that storage does not answer.
        var options = new BlobClientOptions { Retry = { MaxRetries = 2 } };
        const string wrong = "SPRINGEST_STORAGE must be the name of a storage account, or its connection string.";
        try
        {
            if (storage.Contains('=', StringComparison.Ordinal))
                return new BlobServiceClient(storage, options);
        }
        catch (FormatException)
        {
            throw new UserErrorException(wrong);
        }

        return storage.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter))
            ? new BlobServiceClient(new Uri($"https://{storage}.blob.core.windows.net"), new AzureCliCredential(), options)
            : throw new UserErrorException(wrong);
    }

    private static async Task<string> AskAsync(CancellationToken cancellationToken)
        => await Typed.AskAsync("Access key", Console.In, cancellationToken) is { Length: > 0 } key
            ? key
            : throw new UserErrorException("Without an access key there is little to see. Set SPRINGEST_ACCESS_KEY, or type the key.");

    private async Task RequestAsync(string key, CancellationToken cancellationToken)
    {
        await SeeAsync("the app is healthy", "api/health", null, HttpStatusCode.OK, cancellationToken);
        await SeeAsync("the console is served", "api/console", null, HttpStatusCode.OK, cancellationToken);
        await SeeAsync("it is closed without a key", "api/status", null, HttpStatusCode.Unauthorized, cancellationToken);
        await SeeAsync("it is closed to a wrong key", "api/status", "wrong", HttpStatusCode.Unauthorized, cancellationToken);
        await SeeAsync("the key opens it", "api/status", key, HttpStatusCode.OK, cancellationToken);
        await SeeAsync("an unknown address is 404", "api/nothing", key, HttpStatusCode.NotFound, cancellationToken);
    }

    private Task SeeAsync(string what, string path, string? key, HttpStatusCode expected, CancellationToken cancellationToken)
        => TryAsync(what, $"GET {path}", async () =>
        {
            using var answer = await SendAsync(HttpMethod.Get, path, key, null, cancellationToken);
            var isWell = answer.StatusCode == expected;
            // What is wrong with its health, it says itself.
            var reason = isWell || path != "api/health" ? "" : $": {await answer.Content.ReadAsStringAsync(cancellationToken)}";
            return (isWell, $"GET {path} is {(int)answer.StatusCode}{(isWell ? "" : $", not {(int)expected}")}{reason}");
        }, cancellationToken);

    private async Task TryAsync(
        string what, string request, Func<Task<(bool? IsWell, string Result)>> lookAsync, CancellationToken cancellationToken)
    {
        try
        {
            var (isWell, result) = await lookAsync();
            _rows.Add((what, isWell, result));
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            _rows.Add((what, false, $"{request}: {exception.Message}"));
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? key, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
            request.Headers.Add(AccessKey.Header, key);
        return await _http.SendAsync(request, cancellationToken);
    }

    private async Task DropAsync(
        BlobServiceClient storage, string container, string site, string key, CancellationToken cancellationToken)
    {
        const string what = "a file that is no certificate is rejected";
        var name = $"{site}/{Certification}_smoke-{Guid.NewGuid():N}@example.org_2026-01-01.pdf";
        var file = storage.GetBlobContainerClient(container).GetBlobClient(name);
        var rejected = storage.GetBlobContainerClient($"{container}-rejected");
        var rejection = rejected.GetBlobClient($"{name}.rejection.json");
        try
        {
            await file.UploadAsync(new BinaryData("This is no PDF. It is here to be rejected."), cancellationToken);
            var (time, started) = (TimeProvider.System, TimeProvider.System.GetTimestamp());
            // It leaves the upload container last.
            while (!await rejection.ExistsAsync(cancellationToken) || await file.ExistsAsync(cancellationToken))
            {
                if (time.GetElapsedTime(started) > Patience)
                {
                    _rows.Add((what, false, $"not within {Patience.TotalMinutes} minutes; it is {container}/{name}"));
                    return;
                }

                await Task.Delay(Pause, time, cancellationToken);
            }

            using var report = JsonDocument.Parse((await rejection.DownloadContentAsync(cancellationToken)).Value.Content);
            _rows.Add(
                (what, true, $"{report.RootElement.GetProperty("code").GetString()}, after {time.GetElapsedTime(started).TotalSeconds:0} s")
            );
            await rejected.GetBlobClient(name).DeleteIfExistsAsync(cancellationToken: cancellationToken);
            await rejection.DeleteIfExistsAsync(cancellationToken: cancellationToken);
            await DismissAsync(site, name, key, cancellationToken);
        }
        catch (Exception exception) when (AzureFailure.Explain(exception) is { } reason)
        {
            _rows.Add((what, false, reason));
        }
    }

    /// <summary>Closes the to-do entry of a rejected file, if the key is an operator's.</summary>
    private Task DismissAsync(string site, string name, string key, CancellationToken cancellationToken)
    {
        const string search = "api/certificates/search";
        return TryAsync("its to-do entry is closed", $"POST {search}", async () =>
        {
            using var wanted = JsonContent.Create(new { site, file = name });
            using var found = await SendAsync(HttpMethod.Post, search, key, wanted, cancellationToken);
            if (!found.IsSuccessStatusCode)
                return (false, $"POST {search} is {(int)found.StatusCode}");
            var entries = (await found.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!["items"]!.AsArray();
            if (entries.Count == 0)
                return (false, $"POST {search} does not find {name}");
            var path = $"api/manage/certificates/{site}/{entries[0]!["submission"]}/dismiss";
            using var answer = await SendAsync(HttpMethod.Post, path, key, null, cancellationToken);
            return answer.StatusCode == HttpStatusCode.Forbidden
                ? (null, $"no: that takes an operator's key. Close it in the console, or by POST {path}")
                : (answer.IsSuccessStatusCode, $"POST {path} is {(int)answer.StatusCode}");
        }, cancellationToken);
    }

    private int Report()
    {
        var width = _rows.Max(row => row.What.Length);
        foreach (var (what, isWell, result) in _rows)
        {
            var verdict = isWell switch { true => "ok    ", false => "FAILED", null => "-     " };
            Console.WriteLine($"{verdict}  {what.PadRight(width)}  {result}");
        }

        return _rows.All(row => row.IsWell != false) ? 0 : 1;
    }
}

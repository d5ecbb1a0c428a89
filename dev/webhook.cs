#:property PublishAot=false

// Sends a webhook to a running app, as Springest would, and tells what became of it: `dotnet dev.cs webhook`.

using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

const string Usage = """
    dotnet dev.cs webhook FILE                           posts a file as it is; - reads it from the keyboard or a pipe
    dotnet dev.cs webhook --training ID ... [--destroy]  says that trainings were changed, or destroyed
    dotnet dev.cs webhook --institute ID ... [--import | --destroy]
    dotnet dev.cs webhook --conversion ID ... [--destroy]

      --to ADDRESS     where the app is (default: http://127.0.0.1:7071), or the whole address that Springest is given
      --site SITE      the site (default: the one in the settings, or nl)
      --key KEY        the function key (default: LocalHost__FunctionKey of the settings)
      --settings FILE  the app's settings (default: local.settings.json)
      --2014           in the format of 2014, which names one training
      --conversions    posts the file to the address of conversions
      --wait SECONDS   how long to wait for what it names to be read (default: 30)
    """;

if (args is ["--help" or "-h" or "-?"] or [])
{
    Console.WriteLine(Usage);
    return args.Length > 0 ? 0 : 2;
}

try
{
    using var sending = new Sending(Order.Parse(args));
    return await sending.RunAsync() ? 0 : 1;
}
catch (Stop stop)
{
    Console.Error.WriteLine(stop.Message);
    return 1;
}

/// <summary>A reason to stop that the person at the keyboard can act upon.</summary>
internal sealed class Stop(string sentence) : Exception(sentence);

/// <summary>What to send, and where: the command line, and the settings for what it leaves open.</summary>
internal sealed class Order
{
    private static readonly string[] Objects = ["training", "institute", "conversion"];
    private readonly List<(string Object, long Id)> _named = [];
    private readonly Dictionary<string, string> _values = [];
    private readonly HashSet<string> _flags = [];
    private string? _file;

    public Uri App { get; private set; } = null!;

    public string Site { get; private set; } = "nl";

    public string Feed { get; private set; } = "trainings";

    public string? Key { get; private set; }

    public TimeSpan Wait { get; private set; }

    public byte[] Body { get; private set; } = [];

    public static Order Parse(string[] arguments)
    {
        var order = new Order();
        order.Read(arguments);
        order.FindApp(Settings.Read(order._values.GetValueOrDefault("settings")));
        order.Feed = order._flags.Contains("conversions") || order._named.Exists(each => each.Object == "conversion") ? "conversions" : order.Feed;
        order.Wait = TimeSpan.FromSeconds(order._values.TryGetValue("wait", out var wait) ? Number("--wait", wait, 0, 3600) : 30);
        order.Body = order._file is { } file ? ReadFile(file) : order.Write();
        return order;
    }

    private void Read(string[] arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i].TrimStart('-');
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
                _file = _file is null ? arguments[i] : throw new Stop($"One file at a time: '{arguments[i]}' is a second one.");
            else if (Objects.Contains(name))
                i = ReadIds(name, arguments, i);
            else if (name is "destroy" or "import" or "update" or "2014" or "conversions")
                _flags.Add(name);
            else if (name is "to" or "site" or "key" or "settings" or "wait")
                _values[name] = ++i < arguments.Length ? arguments[i] : throw new Stop($"{arguments[i - 1]} needs a value.");
            else
                throw new Stop($"'{arguments[i]}' is not known. `dotnet dev.cs webhook` lists what is.");
        }

        if (_file is null == (_named.Count == 0))
            throw new Stop("Give either a file or what the webhook is to name, such as --training 700123.");
    }

    private int ReadIds(string about, string[] arguments, int at)
    {
        var first = at + 1;
        for (at = first; at < arguments.Length && !arguments[at].StartsWith("--", StringComparison.Ordinal); at++)
            _named.Add((about, Number($"--{about}", arguments[at], 1, long.MaxValue)));
        return at > first ? at - 1 : throw new Stop($"--{about} needs an id, such as --{about} 700123.");
    }

    private static long Number(string option, string text, long least, long most)
        => long.TryParse(text, out var number) && number >= least && number <= most ? number
            : throw new Stop($"{option} is '{text}' but must be a whole number from {least}.");

    // The whole address that Springest is given says everything; the app's address alone leaves the rest to options and settings.
    private void FindApp(Settings settings)
    {
        var text = _values.GetValueOrDefault("to") ?? "http://127.0.0.1:7071";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var to) || to.Scheme is not ("http" or "https"))
            throw new Stop($"--to is '{text}' but must be an address such as http://127.0.0.1:7071.");
        App = new Uri(to, "/");
        (Key, Site) = (settings.Value("LocalHost__FunctionKey"), settings.Site ?? Site);
        if (to.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries) is ["api", "webhooks", var site, var feed])
        {
            (Site, Feed) = (site, feed);
            Key = to.Query.TrimStart('?').Split('&').FirstOrDefault(part => part.StartsWith("code=", StringComparison.Ordinal)) is { } code
                ? Uri.UnescapeDataString(code[5..])
                : Key;
        }

        Site = _values.GetValueOrDefault("site") ?? Site;
        Key = _values.GetValueOrDefault("key") ?? Key;
    }

    private static byte[] ReadFile(string file)
    {
        try
        {
            if (file != "-")
                return File.ReadAllBytes(file);
            using var body = new MemoryStream();
            using var input = Console.OpenStandardInput();
            input.CopyTo(body);
            return body.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new Stop($"The file cannot be read. {exception.Message}");
        }
    }

    private byte[] Write()
    {
        var action = _flags.Contains("destroy") ? "destroy" : _flags.Contains("import") ? "import" : "update";
        if (action == "import" && _named.Find(each => each.Object != "institute") is (not null, _) other)
            throw new Stop($"--import is said of institutes, not of a {other.Object}.");
        if (!_flags.Contains("2014"))
            return Utf8(new JsonObject { ["changes"] = new JsonArray([.. _named.Select(each => Change(action, each.Object, each.Id))]) });
        return _named is [("training", var id)]
            ? Utf8(new JsonObject { ["action"] = action == "destroy" ? "delete" : action, ["id"] = id, ["training"] = new JsonObject { ["id"] = id } })
            : throw new Stop("The format of 2014 names one training: --2014 --training 700123.");
    }

    // The address is absent where nothing is left to be read.
    private JsonObject Change(string action, string about, long id)
    {
        var change = new JsonObject { ["action"] = action, ["object"] = about, ["id"] = id };
        if (action != "destroy")
            change["url"] = $"http://api.springest.{Site}/{(about == "conversion" ? "booking" : about)}s/{id}";
        return change;
    }

    private static byte[] Utf8(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());
}

/// <summary>The app's settings file, as far as it concerns webhooks. Without one, the command line must say what is needed.</summary>
internal sealed class Settings(JsonObject values)
{
    private const string Sites = "Springest__Sites__";

    /// <summary>The site, if there is just one.</summary>
    public string? Site
        => values.Where(value => value.Key.StartsWith(Sites, StringComparison.OrdinalIgnoreCase))
            .Select(value => value.Key[Sites.Length..].Split("__")[0]).Distinct().ToList() is [var single] ? single : null;

    public string? Value(string name) => values.TryGetPropertyValue(name, out var value) && value?.ToString() is { Length: > 0 } text ? text : null;

    public static Settings Read(string? file)
    {
        var path = file ?? Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "local.settings.json");
        if (file is null && !File.Exists(path))
            return new Settings([]);
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(path), documentOptions: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return new Settings(json?["Values"] as JsonObject ?? throw new Stop($"{path} has no \"Values\". Compare it with local.settings.sample.json."));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new Stop($"The settings {path} cannot be read. {exception.Message}");
        }
    }
}

/// <summary>Sends the webhook, and asks until what it names has been read.</summary>
internal sealed class Sending(Order order) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(order.App, "api/"), Timeout = TimeSpan.FromSeconds(100) };

    public void Dispose() => _http.Dispose();

    /// <summary>False if something of it could not be read.</summary>
    public async Task<bool> RunAsync()
    {
        if (order.Key is not null)
            _http.DefaultRequestHeaders.Add("x-functions-key", order.Key);
        using var content = new ByteArrayContent(order.Body) { Headers = { ContentType = new("application/json") { CharSet = "utf-8" } } };
        var path = $"webhooks/{order.Site}/{order.Feed}";
        using var answer = await TryAsync(() => _http.PostAsync(path, content));
        if (!answer.IsSuccessStatusCode)
            throw await RefusedAsync(answer);

        var receipt = await ReadAsync(answer);
        Console.WriteLine($"Taken as delivery {receipt["delivery"]}: {Count(receipt, "accepted")} accepted, {Count(receipt, "ignored")} ignored, {Count(receipt, "applied")} applied before the answer.");
        return Count(receipt, "accepted") == 0 || await FollowAsync($"{receipt["delivery"]}");
    }

    private async Task<bool> FollowAsync(string delivery)
    {
        var end = DateTimeOffset.UtcNow + order.Wait;
        while (true)
        {
            using var answer = await TryAsync(() => _http.GetAsync($"webhooks/{order.Site}/deliveries/{delivery}"));
            if (!answer.IsSuccessStatusCode)
                throw await RefusedAsync(answer);
            var named = (await ReadAsync(answer))["named"]?.AsArray().OfType<JsonObject>().ToList() ?? [];
            if (DateTimeOffset.UtcNow < end && named.Exists(each => $"{each["state"]}" == "waiting"))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500));
                continue;
            }

            foreach (var each in named)
                Console.WriteLine($"  {each["object"],-10} {each["id"],-10} {await TellAsync(each)}");
            return named.TrueForAll(each => $"{each["state"]}" == "done");
        }
    }

    private async Task<string> TellAsync(JsonObject named)
        => $"{named["state"]}" == "done" ? await LookAsync($"{named["object"]}".ToLowerInvariant(), $"{named["id"]}")
            : $"{named["state"]}, tried {named["attempts"]} times{(named["nextAttempt"] is { } next ? $", next at {next}" : "")}{(named["error"] is { } error ? $": {error}" : "")}";

    private async Task<string> LookAsync(string about, string id)
    {
        using var answer = await TryAsync(() => _http.GetAsync($"catalogue/{order.Site}/{about}s/{id}"));
        if (answer.StatusCode is HttpStatusCode.NotFound)
            return about == "training" ? "not at Springest, so not in the copy" : "done";
        if (!answer.IsSuccessStatusCode)
            throw await RefusedAsync(answer);
        var record = await ReadAsync(answer);
        return $"\"{record["name"]}\", in the copy as of {record["_mirror"]?["lastChanged"]}";
    }

    private async Task<HttpResponseMessage> TryAsync(Func<Task<HttpResponseMessage>> request)
    {
        try
        {
            return await request();
        }
        catch (HttpRequestException exception) when (exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            throw new Stop($"No app listens at {order.App}. Start one by `dotnet dev.cs run` or `dotnet dev.cs demo`, or say by --to where it is.");
        }
        catch (HttpRequestException exception)
        {
            throw new Stop($"The app at {order.App} cannot be reached: {(exception.InnerException ?? exception).Message}");
        }
        catch (TaskCanceledException)
        {
            throw new Stop($"The app at {order.App} did not answer within {_http.Timeout.TotalSeconds} s. Springest would send the webhook again.");
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
            throw new Stop($"What answers at {order.App} is not this app: its answer to {answer.RequestMessage!.RequestUri!.AbsolutePath} is no JSON.");
        }
    }

    private async Task<Stop> RefusedAsync(HttpResponseMessage answer)
    {
        var isProblem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json";
        var detail = isProblem ? $"{(await ReadAsync(answer))["detail"]} " : "";
        var advice = answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized when order.Key is null => "It wants a function key, and none was given. Put LocalHost__FunctionKey into the settings, or give the app's key by --key.",
            HttpStatusCode.Unauthorized => "The function key is wrong. The app's own key is LocalHost__FunctionKey of its settings; in Azure, see the function app's keys.",
            HttpStatusCode.NotFound when isProblem => $"The site is '{order.Site}'; choose another by --site.",
            HttpStatusCode.NotFound => "Is it this app that listens there?",
            HttpStatusCode.RequestEntityTooLarge => "Springest__Webhooks__MaxBodyBytes and Springest__Webhooks__MaxChanges set the limits.",
            HttpStatusCode.ServiceUnavailable => $"Springest would send it again{(answer.Headers.RetryAfter?.Delta is { } wait ? $" after {wait.TotalSeconds} s" : "")}; the app's log says what is wrong.",
            >= HttpStatusCode.InternalServerError => "The app's log says what is wrong.",
            _ => "",
        };
        return new Stop($"The app at {order.App} answered {(int)answer.StatusCode}. {detail}{advice}".TrimEnd());
    }

    private static int Count(JsonObject receipt, string name) => (int?)receipt[name] ?? 0;
}

using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Springest.Testing;

namespace Springest.Tools.Webhook;

/// <summary>What to send, and where: the command line, and the settings for what it leaves open.</summary>
internal sealed class WebhookArguments
{
    public const string Usage = """
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

      What becomes of it is shown with an access key of the role viewer in the environment variable SPRINGEST_ACCESS_KEY.
    """;

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

    public static WebhookArguments Parse(string[] arguments)
    {
        var order = new WebhookArguments();
        order.Read(arguments);
        order.FindApp(ReadSettings(order._values.GetValueOrDefault("settings")));
        order.Feed =
            order._flags.Contains("conversions") || order._named.Exists(each => each.Object == "conversion") ? "conversions" : order.Feed;
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
                _file = _file is null
                    ? arguments[i]
                    : throw new UserErrorException($"One file at a time: '{arguments[i]}' is a second one.");
            else if (Objects.Contains(name))
                i = ReadIds(name, arguments, i);
            else if (name is "destroy" or "import" or "2014" or "conversions")
                _flags.Add(name);
            else if (name is "to" or "site" or "key" or "settings" or "wait")
                _values[name] = ++i < arguments.Length ? arguments[i] : throw new UserErrorException($"{arguments[i - 1]} needs a value.");
            else
                throw new UserErrorException($"'{arguments[i]}' is not known. `dotnet dev.cs webhook` lists what is.");
        }

        if (_file is null == (_named.Count == 0))
            throw new UserErrorException("Give either a file or what the webhook is to name, such as --training 700123.");
        if (_file is not null && _flags.FirstOrDefault(name => name != "conversions") is { } flag)
            throw new UserErrorException($"A file is posted as it is: --{flag} goes with --training, --institute or --conversion only.");
        if (_flags.IsSupersetOf(["destroy", "import"]))
            throw new UserErrorException("Give either --destroy or --import.");
    }

    private int ReadIds(string about, string[] arguments, int at)
    {
        var first = at + 1;
        for (at = first; at < arguments.Length && !arguments[at].StartsWith("--", StringComparison.Ordinal); at++)
            _named.Add((about, Number($"--{about}", arguments[at], 1, long.MaxValue)));
        return at > first ? at - 1 : throw new UserErrorException($"--{about} needs an id, such as --{about} 700123.");
    }

    private static long Number(string option, string text, long least, long most)
        => long.TryParse(text, out var number) && number >= least && number <= most ? number
            : throw new UserErrorException(
                $"{option} is '{text}' but must be a whole number from {least}{(most < long.MaxValue ? $" to {most}" : "")}.");

    // Without a file, the command line must say what is needed.
    private static IConfiguration ReadSettings(string? file)
        => file is null && !File.Exists(Repository.PathOf(AppSettings.FileName))
            ? new ConfigurationBuilder().Build()
            : AppSettings.Read(file ?? Repository.PathOf(AppSettings.FileName));

    // The whole address that Springest is given says everything; the app's address alone leaves the rest to options and settings.
    private void FindApp(IConfiguration settings)
    {
        var text = _values.GetValueOrDefault("to") ?? "http://127.0.0.1:7071";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var to) || to.Scheme is not ("http" or "https"))
            throw new UserErrorException($"--to is '{text}' but must be an address such as http://127.0.0.1:7071.");
        App = new Uri(to, "/");
        Key = settings["LocalHost:FunctionKey"] is { Length: > 0 } key ? key : null;
        Site = settings.GetSection("Springest:Sites").GetChildren().ToList() is [var single] ? single.Key : Site;
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
            throw new UserErrorException($"The file cannot be read. {exception.Message}");
        }
    }

    private byte[] Write()
    {
        var action = _flags.Contains("destroy") ? "destroy" : _flags.Contains("import") ? "import" : "update";
        if (action == "import" && _named.Find(each => each.Object != "institute") is (not null, _) other)
            throw new UserErrorException($"--import is said of institutes, not of a {other.Object}.");
        if (!_flags.Contains("2014"))
            return Utf8(new JsonObject { ["changes"] = new JsonArray([.. _named.Select(each => Change(action, each.Object, each.Id))]) });
        return _named is [("training", var id)]
            ? Utf8(
                new JsonObject
                {
                    ["action"] = action == "destroy" ? "delete" : action,
                    ["id"] = id,
                    ["training"] = new JsonObject { ["id"] = id },
                })
            : throw new UserErrorException("The format of 2014 names one training: --2014 --training 700123.");
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

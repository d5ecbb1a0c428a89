using System.Reflection;

namespace Springest.LocalHost.Settings;

/// <summary>How many worker processes run the functions: one all of them, or one each scale group of Flex Consumption.</summary>
internal enum WorkerTopology { One, PerScaleGroup }

/// <summary>
/// The settings <c>LocalHost__*</c>, which the project's README.md describes. The app's own are none of the host's business.
/// </summary>
internal sealed record HostSettings
{
    private const string StandardFile = "local.settings.json";
    private static readonly string[] Switches = ["--app", "--settings", "--port"];

    public string? App { get; init; }
    public string? Settings { get; init; }
    public ushort Port { get; init; } = 7071;
    public string? FunctionKey { get; init; }
    public Dictionary<string, string> FunctionKeys { get; init; } = [];
    public string? MasterKey { get; init; }
    public string? SystemKey { get; init; }
    public WorkerTopology Workers { get; init; }
    public bool AnnounceBlobs { get; init; } = true;
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);
    public int MaxRestarts { get; init; } = 3;

    /// <summary>Command line, environment and settings file; what comes first wins.</summary>
    public required IConfiguration All { get; init; }

    /// <summary>The settings file alone, which the worker gets beside the environment.</summary>
    public required IConfiguration File { get; init; }

    // Settings of the platform.
    public string HostId => All["AzureFunctionsWebHost:hostid"] ?? "local";
    public long MaxRequestBody => All.GetValue("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", 100L * 1024 * 1024);
    public bool HasHomePage => !All.GetValue("AzureWebJobsDisableHomepage", false);

    public static HostSettings Read(string[] args)
    {
        if (args.Where((name, i) => i % 2 == 0 && !Switches.Contains(name)).FirstOrDefault() is { } strange)
            throw new HostException($"'{strange}' is not known. There are {string.Join(", ", Switches)}, each with a value.");
        if (args.Length % 2 == 1)
            throw new HostException($"{args[^1]} needs a value.");
        var names = Switches.ToDictionary(name => name, name => $"LocalHost:{name[2..]}");
        var told = new ConfigurationBuilder().AddCommandLine(args, names).Build();
        var path = told["LocalHost:settings"] ?? (System.IO.File.Exists(StandardFile) ? StandardFile : null);
        var file = (path is null ? new ConfigurationBuilder() : new ConfigurationBuilder().AddLocalSettings(path)).Build();
        var all = new ConfigurationBuilder().AddConfiguration(file).AddEnvironmentVariables().AddConfiguration(told).Build();

        const BindingFlags known = BindingFlags.IgnoreCase | BindingFlags.Public | BindingFlags.Instance;
        var section = all.GetSection("LocalHost");
        if (section.GetChildren().FirstOrDefault(child => typeof(HostSettings).GetProperty(child.Key, known) is null) is { } unknown)
            throw new HostException($"There is no setting LocalHost__{unknown.Key}.");
        var settings = new HostSettings { All = all, File = file };
        try
        {
            section.Bind(settings);
        }
        catch (InvalidOperationException wrong)
        {
            // Names the setting, its value and its type.
            throw new HostException(wrong.Message, wrong);
        }

        return !string.IsNullOrEmpty(settings.FunctionKey) ? settings : throw new HostException(
            "The setting LocalHost__FunctionKey is missing. Choose any text; callers show it as ?code= or in the header x-functions-key.");
    }
}

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
    private static readonly TimeSpan MostTime = TimeSpan.FromDays(1);

    private static readonly Dictionary<string, string> Switches = new()
    {
        ["--app"] = "LocalHost:App", ["--settings"] = "Settings", ["--port"] = "LocalHost:Port",
    };

    private HostSettings(IConfiguration all, IConfiguration file) => (All, File) = (all, file);

    public string? App { get; init; }
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
    public IConfiguration All { get; }

    /// <summary>The settings file alone, which the worker gets beside the environment.</summary>
    public IConfiguration File { get; }

    // Settings of the platform.
    public string HostId => All["AzureFunctionsWebHost:hostid"] ?? "local";
    public long MaxRequestBody { get; private init; }
    public bool HasHomePage { get; private init; }

    private string? Fault
        => string.IsNullOrEmpty(FunctionKey)
            ? "The setting LocalHost__FunctionKey is missing. Choose any text; callers show it as ?code= or in the header x-functions-key."
            : StartTimeout <= TimeSpan.Zero || StartTimeout > MostTime
                ? $"LocalHost__StartTimeout is {StartTimeout} but must be longer than 0, and at most a day."
            : StopGrace < TimeSpan.Zero || StopGrace > MostTime
                ? $"LocalHost__StopGrace is {StopGrace} but must be from 00:00:00 to a day."
            : MaxRestarts < 1 ? $"LocalHost__MaxRestarts is {MaxRestarts} but must be a whole number from 1."
            : MaxRequestBody < 0 ? $"FUNCTIONS_REQUEST_BODY_SIZE_LIMIT is {MaxRequestBody} but must be a number of bytes."
            : null;

    public static HostSettings Read(string[] args)
    {
        if (args.Where((name, i) => i % 2 == 0 && !Switches.ContainsKey(name)).FirstOrDefault() is { } strange)
            throw new HostException($"'{strange}' is not known. There are {string.Join(", ", Switches.Keys)}, each with a value.");
        if (args.Length % 2 == 1)
            throw new HostException($"{args[^1]} needs a value.");
        var told = new ConfigurationBuilder().AddCommandLine(args, Switches).Build();
        var path = told["Settings"] ?? (System.IO.File.Exists(StandardFile) ? StandardFile : null);
        var file = (path is null ? new ConfigurationBuilder() : new ConfigurationBuilder().AddLocalSettings(path)).Build();
        var all = new ConfigurationBuilder().AddConfiguration(file).AddEnvironmentVariables().AddConfiguration(told).Build();

        const BindingFlags known = BindingFlags.IgnoreCase | BindingFlags.Public | BindingFlags.Instance;
        var section = all.GetSection("LocalHost");
        if (section.GetChildren().FirstOrDefault(child => typeof(HostSettings).GetProperty(child.Key, known)?.GetSetMethod() is null)
            is { } unknown)
            throw new HostException($"There is no setting LocalHost__{unknown.Key}.");
        try
        {
            var settings = new HostSettings(all, file)
            {
                MaxRequestBody = all.GetValue("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", 100L * 1024 * 1024),
                HasHomePage = !all.GetValue("AzureWebJobsDisableHomepage", false),
            };
            section.Bind(settings);
            return settings.Fault is { } fault ? throw new HostException(fault) : settings;
        }
        catch (InvalidOperationException wrong)
        {
            // Names the setting, its value and its type.
            throw new HostException(wrong.Message, wrong);
        }
    }
}

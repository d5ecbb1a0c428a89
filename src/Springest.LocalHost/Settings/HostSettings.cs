using Microsoft.Extensions.Configuration;

namespace Springest.LocalHost.Settings;

/// <summary>How many worker processes run the functions.</summary>
internal enum WorkerTopology
{
    /// <summary>One worker runs them all.</summary>
    One,

    /// <summary>One for each scale group of Flex Consumption: HTTP together, blobs together, each timer alone.</summary>
    PerScaleGroup,
}

/// <summary>The settings <c>LocalHost__*</c>. The app's own are none of the host's business.</summary>
internal sealed record HostSettings
{
    private const string Section = "LocalHost";

    /// <summary>The folder of the published app.</summary>
    public string? App { get; init; }

    /// <summary>The key that opens functions of level <c>Function</c>.</summary>
    public string? FunctionKey { get; init; }

    /// <summary>Keys that open one function only: <c>LocalHost__FunctionKeys__NAME</c>, or several as <c>LocalHost__FunctionKeys__NAME__KEYNAME</c>.</summary>
    public IConfigurationSection? FunctionKeys { get; private init; }

    /// <summary>The key that opens everything. Without it nothing opens what only it opens.</summary>
    public string? MasterKey { get; init; }

    /// <summary>The key that opens the address where Event Grid delivers.</summary>
    public string? SystemKey { get; init; }

    /// <summary>How many worker processes run the functions.</summary>
    public WorkerTopology Workers { get; init; }

    /// <summary>Whether the host tells its own Event Grid address of new blobs, since there is no Event Grid here.</summary>
    public bool AnnounceBlobs { get; init; } = true;

    /// <summary>How long a worker may take for each step of its start.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long what runs may go on when the host stops, and then the worker.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many deaths of workers within half an hour are made good.</summary>
    public int MaxRestarts { get; init; } = 3;

    /// <summary>Names locks, schedules and the blob queue in storage: the platform's setting <c>AzureFunctionsWebHost__hostid</c>. Instances of an app share it.</summary>
    public string HostId { get; private init; } = "local";

    /// <summary>The largest body in bytes: the platform's setting <c>FUNCTIONS_REQUEST_BODY_SIZE_LIMIT</c>.</summary>
    public long MaxRequestBody { get; private init; } = 100 * 1024 * 1024;

    /// <summary>Whether <c>GET /</c> is answered with a page: not if the platform's setting <c>AzureWebJobsDisableHomepage</c> is true.</summary>
    public bool ShowHomePage { get; private init; }

    /// <summary>Reads and checks them.</summary>
    /// <exception cref="HostException">One is missing, unknown or wrong.</exception>
    public static HostSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        if (section.GetChildren().FirstOrDefault(child => !IsKnown(child.Key)) is { } unknown)
            throw new HostException($"There is no setting {Section}__{unknown.Key}.");
        try
        {
            var settings = section.Get<HostSettings>() ?? new();
            return string.IsNullOrEmpty(settings.FunctionKey)
                ? throw new HostException(
                    "The setting LocalHost__FunctionKey is missing. Choose any text; callers show it as ?code= or in the header x-functions-key.")
                : settings with
                {
                    FunctionKeys = section.GetSection(nameof(FunctionKeys)),
                    HostId = configuration["AzureFunctionsWebHost:hostid"] ?? settings.HostId,
                    MaxRequestBody = configuration.GetValue("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", settings.MaxRequestBody),
                    ShowHomePage = !configuration.GetValue("AzureWebJobsDisableHomepage", false),
                };
        }
        catch (InvalidOperationException wrong)
        {
            // Names the setting, its value and its type.
            throw new HostException(wrong.Message, wrong);
        }
    }

    private static bool IsKnown(string name)
        => typeof(HostSettings).GetProperties().Any(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}

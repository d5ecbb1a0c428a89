using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Springest.LocalHost.Settings;

/// <summary>Where the host logs to, and what it keeps to itself.</summary>
internal static class HostLog
{
    // They would write addresses, and those hold function keys (?code=) and the names of blobs; or what is of no use here.
    private static readonly Dictionary<string, LogLevel> Quiet = new()
    {
        ["Microsoft.AspNetCore"] = LogLevel.Warning,
        // What it says of a failed request, it says with the address.
        ["Microsoft.AspNetCore.Hosting"] = LogLevel.None,
        ["Yarp"] = LogLevel.Warning,
        ["System.Net.Http"] = LogLevel.Warning,
        // A blob that is not there yet is worth a warning to it.
        ["Azure"] = LogLevel.Error,
        ["Grpc"] = LogLevel.Error,
        ["Microsoft.Hosting.Lifetime"] = LogLevel.Warning,
        ["Microsoft.Azure.WebJobs.Hosting.OptionsLoggingService"] = LogLevel.Warning,
    };

    /// <summary>Logs to the console by the levels of host.json, whatever those say about who would write addresses.</summary>
    public static void Configure(ILoggingBuilder logging, HostJson hostJson)
    {
        logging.AddConfiguration(hostJson.Json.GetSection("logging"))
            .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
        logging.Services.PostConfigure<LoggerFilterOptions>(filters =>
        {
            foreach (var rule in filters.Rules.Where(IsQuiet).ToList())
                filters.Rules.Remove(rule);
            foreach (var (category, level) in Quiet)
                filters.Rules.Add(new LoggerFilterRule(null, category, level, null));
        });
    }

    private static bool IsQuiet(LoggerFilterRule rule)
        => Quiet.Keys.Any(category => rule.CategoryName?.StartsWith(category, StringComparison.OrdinalIgnoreCase) == true);
}

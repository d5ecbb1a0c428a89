namespace Springest.LocalHost.Settings;

/// <summary>Logs to the console by the levels of host.json, but for what must not be written or is of no use.</summary>
internal static class HostLog
{
    // These would write addresses, and those hold function keys (?code=) and the names of blobs; the last three are of no use.
    private static readonly Dictionary<string, LogLevel> Quiet = new()
    {
        ["Microsoft.AspNetCore"] = LogLevel.Warning,
        ["Microsoft.AspNetCore.Hosting"] = LogLevel.None,
        ["Yarp"] = LogLevel.Warning,
        ["System.Net.Http"] = LogLevel.Warning,
        ["Azure"] = LogLevel.Error,
        ["Grpc"] = LogLevel.Error,
        ["Microsoft.Hosting.Lifetime"] = LogLevel.Warning,
        ["Microsoft.Azure.WebJobs.Hosting.OptionsLoggingService"] = LogLevel.Warning,
    };

    public static void Configure(ILoggingBuilder logging, IConfiguration hostJson) => logging
        .AddConfiguration(hostJson.GetSection("logging"))
        .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "))
        .Services.PostConfigure<LoggerFilterOptions>(filters =>
        {
            foreach (var rule in filters.Rules.Where(rule => Quiet.Keys.Any($"{rule.CategoryName}".StartsWith)).ToList())
                filters.Rules.Remove(rule);
            foreach (var (category, level) in Quiet)
                filters.Rules.Add(new LoggerFilterRule(null, category, level, null));
        });
}

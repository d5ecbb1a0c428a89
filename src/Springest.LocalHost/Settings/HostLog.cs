namespace Springest.LocalHost.Settings;

/// <summary>Logs to the console by the levels of host.json, but for what must not be written or is of no use.</summary>
internal static class HostLog
{
    // These would write addresses, and those hold function keys (?code=) and the names of blobs; the last three are of no use.
    private static readonly Dictionary<string, LogLevel> Least = new()
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
            // In each rule: which one of host.json applies depends on its provider, case, length and wildcards.
            filters.Rules.Insert(0, new LoggerFilterRule(null, null, filters.MinLevel, null));
            for (var i = 0; i < filters.Rules.Count; i++)
                filters.Rules[i] = new LoggerFilterRule(
                    filters.Rules[i].ProviderName, filters.Rules[i].CategoryName, filters.Rules[i].LogLevel,
                    (_, category, level) => level >= LeastOf($"{category}"));
        });

    private static LogLevel LeastOf(string category) => Least
        .Where(each => category.StartsWith(each.Key, StringComparison.Ordinal))
        .Select(each => each.Value)
        .DefaultIfEmpty(LogLevel.Trace)
        .Max();
}

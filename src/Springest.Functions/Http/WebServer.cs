using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Springest.Functions.Http;

/// <summary>The worker's own web server, to which the host forwards what it has let in.</summary>
internal static class WebServer
{
    // What these tell below Warning holds whole addresses, and with them function keys (?code=).
    private static readonly string[] TellAddresses = ["Microsoft.AspNetCore", "Yarp"];

    public static IServiceCollection AddWebServer(this IServiceCollection services)
        => services
            // The host limits size and pace of a body, and so does the app; a third set of limits would only cut their answers off.
            .Configure<KestrelServerOptions>(kestrel =>
            {
                kestrel.Limits.MaxRequestBodySize = null;
                kestrel.Limits.MinRequestBodyDataRate = null;
            })
            .PostConfigure<LoggerFilterOptions>(KeepAddressesOut);

    // Whatever log levels are set: every rule is bounded, and one is put first for what no rule is about.
    private static void KeepAddressesOut(LoggerFilterOptions filters)
    {
        LoggerFilterRule[] rules = [new(null, null, filters.MinLevel, null), .. filters.Rules];
        filters.Rules.Clear();
        foreach (var rule in rules)
        {
            filters.Rules.Add(new(
                rule.ProviderName, rule.CategoryName, rule.LogLevel,
                (provider, category, level) => MayTell(category, level) && (rule.Filter?.Invoke(provider, category, level) ?? true)));
        }
    }

    private static bool MayTell(string? category, LogLevel level)
        => level >= LogLevel.Warning
            || !Array.Exists(TellAddresses, name => category?.StartsWith(name, StringComparison.OrdinalIgnoreCase) is true);
}

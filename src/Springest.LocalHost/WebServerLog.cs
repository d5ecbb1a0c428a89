using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Springest.LocalHost;

/// <summary>Keeps the web server from logging addresses: a query may carry a function key.</summary>
internal static class WebServerLog
{
    /// <summary>Whatever levels the app asks for, and for whichever log provider.</summary>
    public static IServiceCollection QuietWebServer(this IServiceCollection services)
        => services.PostConfigure<LoggerFilterOptions>(filters =>
        {
            string?[] providers = [null, .. filters.Rules.Select(rule => rule.ProviderName).OfType<string>().Distinct()];
            foreach (var rule in filters.Rules.Where(rule => IsWebServer(rule.CategoryName)).ToList())
                filters.Rules.Remove(rule);
            foreach (var provider in providers)
            {
                filters.Rules.Add(new LoggerFilterRule(provider, "Microsoft.AspNetCore", LogLevel.Warning, null));
                filters.Rules.Add(new LoggerFilterRule(provider, "Microsoft.AspNetCore.Hosting", LogLevel.None, null));
            }
        });

    private static bool IsWebServer(string? category) => category?.StartsWith("Microsoft.AspNetCore", StringComparison.OrdinalIgnoreCase) == true;
}

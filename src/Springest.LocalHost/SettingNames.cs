using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Springest.LocalHost;

/// <summary>Replaces <c>%name%</c> in what a trigger says by the setting of that name.</summary>
internal static partial class SettingNames
{
    public static string Resolve(this IConfiguration settings, string text) => Name().Replace(text, match =>
    {
        var name = match.Groups[1].Value;
        return settings[name.Replace("__", ":", StringComparison.Ordinal)] is { Length: > 0 } value
            ? value
            : throw new FunctionsHostException($"'{text}' names the setting {name}, which is missing or empty.");
    });

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Name();
}

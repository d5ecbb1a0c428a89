using Microsoft.Extensions.Configuration;
using Springest.Functions.Access;

namespace Springest.Tools.Run;

/// <summary>An access key for one run, beside those that the settings hold the hashes of.</summary>
internal static class RunKeys
{
    public const string Setting = "Springest__Access__Keys";

    /// <summary>Makes one and shows it; it is kept nowhere.</summary>
    /// <returns>The setting that makes the app know it.</returns>
    public static string Make(IConfiguration settings)
    {
        var (key, value) = AccessKey.Make("this-run", AccessRole.Operator);
        Screen.Say($"Open the app with the access key {value}");
        Screen.Say($"  in the console, or as the header {AccessKey.Header}; it is good for this run.");
        return string.Join(';', ((string?[])[settings[Setting.Replace("__", ":", StringComparison.Ordinal)], AccessKey.Format([key])])
            .Where(keys => !string.IsNullOrEmpty(keys)));
    }
}

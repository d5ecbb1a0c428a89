using Microsoft.Extensions.Configuration;

namespace Springest.Tools.Deploy;

/// <summary>The keys in a person's own settings, so that they can be looked for where they must not be.</summary>
internal static class LocalSecrets
{
    // Shorter ones stand in any program by chance.
    private const int LeastLength = 8;

    public static IReadOnlyList<string> Read(string file) => !File.Exists(file) ? [] :
    [
        .. AppSettings.Read(file).AsEnumerable()
            .Where(setting => setting.Key.EndsWith("Key", StringComparison.OrdinalIgnoreCase)
                || setting.Key.EndsWith("Secret", StringComparison.OrdinalIgnoreCase))
            .Select(setting => setting.Value).OfType<string>()
            .Where(value => value.Length >= LeastLength),
    ];
}

using Microsoft.Extensions.Configuration;

namespace Springest.Functions.Settings;

/// <summary>
/// Azure puts a secret in the place of a setting that refers to it. Where it cannot, the app sees the reference, which is no key.
/// </summary>
internal static class KeyVaultReferences
{
    /// <exception cref="SettingsException">A setting still is a reference.</exception>
    public static void RequireResolved(IConfiguration configuration)
    {
        var unresolved = configuration.GetSection("Springest").AsEnumerable()
            .Where(setting => setting.Value?.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) == true)
            .Select(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        if (unresolved.Count > 0)
            throw new SettingsException(string.Join('\n', unresolved.Select(name =>
                $"{name} is a reference to the key vault that was not resolved. Either the vault has no such secret "
                + "(`dotnet dev.cs keys` puts it there), or the app's identity may not read it.")));
    }
}

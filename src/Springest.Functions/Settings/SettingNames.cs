using Microsoft.Extensions.Configuration;
using Springest.Client;
using Springest.Functions.Catalogue;
using Springest.Functions.Certificates;
using Springest.Functions.Quota;
using Springest.Functions.Storage;
using Springest.Functions.Telemetry;
using Springest.Functions.Webhooks;

namespace Springest.Functions.Settings;

/// <summary>What settings there are. A slip in a name would otherwise go unnoticed, with the default in force.</summary>
internal static class SettingNames
{
    private const string Root = "Springest";
    private const string AnySite = "*";

    /// <summary>Each section below <c>Springest</c>, and the class that holds its settings.</summary>
    public static IReadOnlyDictionary<string, Type> Sections { get; } = new Dictionary<string, Type>
    {
        [$"Sites:{AnySite}"] = typeof(SpringestSiteOptions),
        ["Storage"] = typeof(StorageOptions),
        ["Telemetry"] = typeof(TelemetryOptions),
        ["Quota"] = typeof(QuotaOptions),
        ["Mirror"] = typeof(MirrorOptions),
        ["Certificates"] = typeof(CertificatesOptions),
        ["Webhooks"] = typeof(WebhookOptions),
    }.Concat(ResourceDescription.All.Select(resource => KeyValuePair.Create($"Mirror:{resource.Name}", typeof(ResourceOptions)))).ToDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Settings of the client for what the app never does.</summary>
    private static readonly string[] s_ofTheClientAlone =
        [nameof(SpringestSiteOptions.AutocompleteFormat), nameof(SpringestSiteOptions.WrapUsers), nameof(SpringestSiteOptions.LongGenders)];

    /// <exception cref="SettingsException">There is a name that means nothing.</exception>
    public static void RequireKnown(IConfiguration configuration)
    {
        var unknown = configuration.GetSection(Root).AsEnumerable(makePathsRelative: true)
            .Where(setting => setting.Value is not null).Select(setting => setting.Key).Order(StringComparer.Ordinal).Select(Explain).OfType<string>().ToList();
        if (unknown.Count > 0)
            throw new SettingsException(string.Join('\n', unknown));
    }

    /// <summary>The settings of a section's class.</summary>
    public static IEnumerable<string> Of(Type options)
        => options.GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Except(s_ofTheClientAlone);

    /// <summary>Null if there is such a setting.</summary>
    private static string? Explain(string name)
    {
        var (section, last) = name.LastIndexOf(':') is var colon and >= 0 ? (name[..colon], name[(colon + 1)..]) : ("", name);
        var general = section.Split(':') is [var first, _] && first.Equals("Sites", StringComparison.OrdinalIgnoreCase) ? $"Sites:{AnySite}" : section;
        if (!Sections.TryGetValue(general, out var options))
            return $"There is no setting {Written(name)}. The sections are {string.Join(", ", Sections.Keys.Select(Written))}.";
        var settings = Of(options).ToList();
        return settings.Contains(last, StringComparer.OrdinalIgnoreCase) ? null
            : $"There is no setting {Written(name)}. In {Written(section)} there are {string.Join(", ", settings)}.";
    }

    private static string Written(string name) => $"{Root}__{name.Replace(":", "__", StringComparison.Ordinal)}";
}

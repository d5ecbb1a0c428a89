using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Springest.Functions.Settings;

/// <summary>What settings there are. A slip in a name would otherwise go unnoticed, with the default in force.</summary>
internal static class SettingNames
{
    private const string Root = "Springest";

    /// <exception cref="SettingsException">There is a setting that no registered section has.</exception>
    public static void RequireKnown(IServiceCollection services, IConfiguration configuration)
    {
        var sections = services.Select(service => service.ImplementationInstance).OfType<SettingsSection>()
            .GroupBy(section => section.Name, section => section.Settings, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(section => section.Key, section => section.SelectMany(each => each).ToList(), StringComparer.OrdinalIgnoreCase);
        var unknown = configuration.GetSection(Root).AsEnumerable(makePathsRelative: true)
            .Where(setting => setting.Value is not null)
            .Select(setting => setting.Key).Order(StringComparer.Ordinal)
            .Select(name => Explain(name, sections)).OfType<string>().ToList();
        if (unknown.Count > 0)
            throw new SettingsException(string.Join('\n', unknown));
    }

    /// <summary>Null if there is such a setting.</summary>
    private static string? Explain(string name, Dictionary<string, List<string>> sections)
    {
        var (section, last) = name.LastIndexOf(':') is var colon and >= 0 ? (name[..colon], name[(colon + 1)..]) : ("", name);
        if (!sections.TryGetValue(section, out var known) && !sections.TryGetValue(AnyName(section), out known))
            return $"There is no setting {Written(name)}. The sections are {string.Join(", ", sections.Keys.Select(Written))}.";
        return known.Contains(last, StringComparer.OrdinalIgnoreCase) ? null
            : $"There is no setting {Written(name)}. In {Written(section)} there are {string.Join(", ", known)}.";
    }

    private static string AnyName(string section) => section.LastIndexOf(':') is var colon and >= 0 ? $"{section[..colon]}:*" : section;

    private static string Written(string name) => $"{Root}__{name.Replace(":", "__", StringComparison.Ordinal)}";
}

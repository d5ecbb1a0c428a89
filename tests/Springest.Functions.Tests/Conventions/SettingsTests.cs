using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Resources;
using Springest.Testing;

namespace Springest.Functions.Tests.Conventions;

/// <summary>The options classes, local.settings.sample.json and docs/settings.md say the same.</summary>
public sealed partial class SettingsTests
{
    // Read by the Functions host, and by the local one.
    private static readonly string[] OfTheHost =
    [
        "AzureWebJobsStorage",
        "FUNCTIONS_WORKER_RUNTIME",
        "LocalHost__FunctionKey",
    ];

    [Fact]
    public void The_sample_has_every_setting_and_no_other()
        => AssertSame("local.settings.sample.json", Settings().Keys.Concat(OfTheHost), Sample().Keys);

    [Fact]
    public void The_page_has_every_setting_and_no_other()
        => AssertSame("docs/settings.md", Settings().Keys.Append("AzureWebJobsStorage"), Page().Keys);

    [Fact]
    public void The_page_and_the_sample_have_the_defaults()
    {
        var (sample, page) = (Sample(), Page());
        foreach (var (name, value) in Settings().Where(setting => setting.Value is not null))
        {
            Assert.Equal((name, value), (name, sample.GetValueOrDefault(name)));
            Assert.Equal((name, value), (name, page.GetValueOrDefault(name)));
        }
    }

    // Name and default of every setting; no default where there is none, or the person must choose.
    private static Dictionary<string, string?> Settings()
    {
        using var services = new ServiceCollection().AddCatalogue(new ConfigurationBuilder().Build()).BuildServiceProvider();
        var resources = services.GetRequiredService<IOptionsMonitor<ResourceOptions>>();
        return (
            from section in Registrations.Sections
            let type = section.Options
            let options = type == typeof(ResourceOptions) ? resources.Get(section.Name.Split(':')[1]) : Activator.CreateInstance(type)
            from name in section.Settings
            let value = Convert.ToString(type.GetProperty(name)!.GetValue(options), CultureInfo.InvariantCulture)
            select KeyValuePair.Create(
                $"Springest__{section.Name.Replace("*", "nl").Replace(":", "__")}__{name}",
                value is "" ? null : value)
        ).ToDictionary();
    }

    private static void AssertSame(string file, IEnumerable<string> settings, IReadOnlyCollection<string> named)
    {
        string[] wrong =
        [
            .. settings.Except(named).Order().Select(name => $"{file} lacks {name}"),
            .. named.Except(settings).Order().Select(name => $"{file} has {name}, and there is no such setting"),
        ];
        Assert.True(wrong is [], string.Join('\n', wrong));
    }

    private static Dictionary<string, string> Sample()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "local.settings.sample.json")));
        return file
            .RootElement.GetProperty("Values")
            .EnumerateObject()
            .ToDictionary(value => value.Name, value => value.Value.GetString()!);
    }

    private static Dictionary<string, string> Page()
        => SettingRow().Matches(Repository.Read("docs/settings.md"))
            .ToDictionary(row => row.Groups["name"].Value, row => row.Groups["value"].Value.Trim('`', ' '));

    [GeneratedRegex(@"^\| `(?<name>(Springest__|AzureWebJobsStorage)\w*)` \|(?<value>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex SettingRow();
}

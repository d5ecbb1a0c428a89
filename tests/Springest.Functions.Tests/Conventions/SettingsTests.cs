using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Springest.Client;
using Springest.Functions.Catalogue;
using Springest.Functions.Certificates;
using Springest.Functions.Quota;
using Springest.Functions.Storage;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Webhooks;

namespace Springest.Functions.Tests.Conventions;

/// <summary>The options classes, local.settings.sample.json and the README's table of settings say the same.</summary>
public sealed partial class SettingsTests
{
    private static readonly Dictionary<string, Type> Sections = new()
    {
        ["Springest__Sites__nl"] = typeof(SpringestSiteOptions),
        ["Springest__Storage"] = typeof(StorageOptions),
        ["Springest__Quota"] = typeof(QuotaOptions),
        ["Springest__Mirror"] = typeof(MirrorOptions),
        ["Springest__Certificates"] = typeof(CertificatesOptions),
        ["Springest__Webhooks"] = typeof(WebhookOptions),
    };

    // Read by the Functions host, and by the local one.
    private static readonly string[] OfTheHost = ["AzureWebJobsStorage", "FUNCTIONS_WORKER_RUNTIME", "LocalHost__FunctionKey", "LocalHost__MasterKey"];

    [Fact]
    public void The_sample_has_every_setting_and_no_other()
        => Assert.Equal([.. Settings().Keys.Concat(OfTheHost).Order()], Sample().Keys.Order());

    [Fact]
    public void The_readme_has_every_setting_and_no_other()
        => Assert.Equal([.. Settings().Keys.Append("AzureWebJobsStorage").Order()], Readme().Keys.Order());

    [Fact]
    public void The_readme_and_the_sample_tell_the_defaults()
    {
        var (sample, readme) = (Sample(), Readme());
        foreach (var (name, value) in Settings().Where(setting => setting.Value is not null))
        {
            Assert.Equal((name, value), (name, sample[name]));
            Assert.Equal((name, value), (name, readme[name]));
        }
    }

    // Name and default of every setting; no default where there is none, or the person must choose.
    private static Dictionary<string, string?> Settings()
        => Sections.SelectMany(section => Flatten(section.Key, Activator.CreateInstance(section.Value)!)).ToDictionary();

    private static IEnumerable<KeyValuePair<string, string?>> Flatten(string prefix, object options)
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            var name = $"{prefix}__{property.Name}";
            var value = property.GetValue(options);
            if (value is not null && property.PropertyType is { IsClass: true } type && type.Assembly == typeof(SpringestFunctions).Assembly)
            {
                foreach (var nested in Flatten(name, value))
                    yield return nested;
            }
            else
            {
                var text = Convert.ToString(value, CultureInfo.InvariantCulture);
                yield return new(name, string.IsNullOrEmpty(text) ? null : text);
            }
        }
    }

    private static Dictionary<string, string> Sample()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "local.settings.sample.json")));
        return file.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetString()!);
    }

    private static Dictionary<string, string> Readme()
        => SettingRow().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md")))
            .ToDictionary(row => row.Groups["name"].Value, row => row.Groups["value"].Value.Trim('`', ' '));

    [GeneratedRegex(@"^\| `(?<name>(Springest__|AzureWebJobsStorage)\w*)` \|(?<value>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex SettingRow();
}

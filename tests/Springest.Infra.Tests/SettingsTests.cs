using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Springest.Functions;
using Springest.Functions.Certificates.Uploads;
using Springest.Functions.Settings;
using Springest.Functions.Webhooks;
using Springest.Testing;

namespace Springest.Infra.Tests;

/// <summary>The settings that the app needs are set, and those that are set are the app's or the host's.</summary>
public sealed partial class SettingsTests(Deployments deployments)
{
    private static readonly string[] OfTheHost =
    [
        "AZURE_CLIENT_ID",
        "AzureWebJobsDisableHomepage",
        "AzureWebJobsStorage__accountName",
        "AzureWebJobsStorage__blobServiceUri",
        "AzureWebJobsStorage__clientId",
        "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__queueServiceUri",
        "AzureWebJobsStorage__tableServiceUri",
        "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT",
    ];

    [Fact]
    public async Task Every_setting_that_a_trigger_reads_is_set_to_its_default()
    {
        var settings = (await deployments.Least).AppSettings;
        var sample = Sample();

        Assert.NotEmpty(ReadByTriggers());
        foreach (var name in ReadByTriggers())
            Assert.Equal((name, sample[name]), (name, settings.GetValueOrDefault(name)));
    }

    [Fact]
    public async Task Every_setting_of_the_app_that_is_set_exists()
    {
        var known = Sample().Keys.ToHashSet();
        foreach (var deployment in new[] { await deployments.Least, await deployments.Everything })
            Assert.Empty(
                OfTheApp(deployment)
                    .Select(name => name.Replace("__Sites__acme__", "__Sites__nl__", StringComparison.Ordinal))
                    .Except(known));
    }

    [Fact]
    public async Task Nothing_is_set_for_the_host_but_what_it_needs()
    {
        var deployment = await deployments.Everything;

        Assert.Equal(OfTheHost, deployment.AppSettings.Keys.Except(OfTheApp(deployment)).Order(StringComparer.Ordinal));
    }

    // Between the two limits of webhooks the app itself says why it takes no body as large; the lower the host's is, the less memory it can
    // be made to take. The console sends parts of files and lists, whatever the limit of webhooks.
    [Fact]
    public async Task The_host_takes_twice_the_largest_webhook_and_what_the_console_sends_and_little_more()
    {
        var large = await Deployments.EvaluateAsync("large-webhooks", "param settings = { Springest__Webhooks__MaxBodyBytes: '4000000' }");
        foreach (var settings in (Dictionary<string, string>[])
            [(await deployments.Least).AppSettings, (await deployments.Everything).AppSettings, large.AppSettings])
        {
            var limit = int.Parse(settings["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"], CultureInfo.InvariantCulture);
            var twice = 2 * (settings.TryGetValue("Springest__Webhooks__MaxBodyBytes", out var most)
                ? int.Parse(most, CultureInfo.InvariantCulture) : new WebhookOptions().MaxBodyBytes);

            Assert.InRange(UploadStore.PartSize, 1, limit);
            Assert.InRange(UploadFunctions.MostCheckBytes, 1, limit);
            Assert.InRange(limit, twice, Math.Max(twice, 2 * 1024 * 1024));
        }
    }

    [Fact]
    public async Task Every_key_comes_out_of_the_vault()
    {
        var deployment = await deployments.Everything;
        var fromVault = deployment
            .AppSettings.Where(setting => setting.Value.Contains("@Microsoft.KeyVault(SecretUri=", StringComparison.Ordinal))
            .ToDictionary(setting => setting.Key, setting => SecretName().Match(setting.Value).Groups["name"].Value);

        Assert.Equal(
            [
                ("Springest__Sites__acme__ApiKey", "springest-acme-api-key"),
                ("Springest__Sites__nl__ApiKey", "springest-nl-api-key"),
                ("Springest__Sites__nl__CertificationsApiKey", "springest-nl-certifications-key"),
            ],
            fromVault.OrderBy(setting => setting.Key, StringComparer.Ordinal).Select(setting => (setting.Key, setting.Value)));
        // What asks for the missing ones learns their names from here.
        Assert.Equal(fromVault.Values.Order(), deployment.Outputs["SPRINGEST_SECRETS"]!.GetValue<string>().Split(' ').Order());
    }

    [Fact]
    public async Task The_app_starts_with_these_settings_and_with_nothing_less()
    {
        Assert.Null(StartWith((await deployments.Least).AppSettings));
        Assert.Null(StartWith((await deployments.Everything).AppSettings));

        var without = (await deployments.Least).AppSettings;
        without.Remove("Springest__Sites__nl__ApiKey");
        Assert.Contains(
            "Springest__Sites__nl",
            StartWith(without.Append(new("Springest__Sites__nl__Retries", "3")))!,
            StringComparison.Ordinal);
        foreach (var name in OfTheHost.Where(name => name.EndsWith("accountName", StringComparison.Ordinal)))
            Assert.NotNull(
                StartWith(
                    (await deployments.Least).AppSettings.Where(setting =>
                        !setting.Key.StartsWith("AzureWebJobsStorage", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task No_value_holds_a_key()
    {
        var deployment = await deployments.Everything;

        Assert.DoesNotContain("AccountKey", deployment.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("listKeys", deployment.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("SharedAccessSignature", deployment.Text, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Why the app does not start with these settings, or null.</summary>
    private static string? StartWith(IEnumerable<KeyValuePair<string, string>> settings)
    {
        // What only Azure can fill in, as it would be filled in.
        var values = settings.ToDictionary(
            setting => setting.Key.Replace("__", ":", StringComparison.Ordinal),
            setting =>
                (string?)(
                    setting.Value.Contains("@Microsoft.KeyVault", StringComparison.Ordinal) ? "a-key-of-more-than-sixteen-characters"
                    : setting.Value.Contains("Microsoft.Insights/components", StringComparison.Ordinal)
                        ? $"InstrumentationKey={Guid.Empty};IngestionEndpoint=https://telemetry.test/"
                    : setting.Value.Contains("Microsoft.KeyVault/vaults", StringComparison.Ordinal) ? "https://kv-test.vault.azure.net/"
                    : setting.Value.Contains(".primaryEndpoints.", StringComparison.Ordinal)
                        ? $"https://sttest.{setting.Key[21..].Split("Service")[0]}.core.windows.net/"
                    : setting.Value));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        try
        {
            using var services = new ServiceCollection()
                .AddLogging()
                .AddSingleton<IConfiguration>(configuration)
                .AddSpringestFunctions(configuration)
                .BuildServiceProvider();
            services.GetRequiredService<IStartupValidator>().Validate();
            _ = services.GetRequiredService<TableServiceClient>();
            _ = services.GetRequiredService<BlobServiceClient>();
            return null;
        }
        catch (Exception exception) when (exception is OptionsValidationException or SettingsException)
        {
            return exception.Message;
        }
    }

    private static IEnumerable<string> OfTheApp(Deployment deployment)
        => deployment.AppSettings.Keys.Where(name => name.StartsWith("Springest__", StringComparison.Ordinal));

    private static List<string> ReadByTriggers()
        => [.. typeof(SpringestFunctions).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)
            .SelectMany(method => method.GetParameters())
            .SelectMany(parameter => parameter.GetCustomAttributesData())
            .SelectMany(attribute => attribute.ConstructorArguments.Select(argument => argument.Value).OfType<string>())
            .SelectMany(text => Placeholder().Matches(text))
            .Select(match => match.Groups["name"].Value.Replace(":", "__", StringComparison.Ordinal))];

    private static Dictionary<string, string> Sample()
    {
        using var file = JsonDocument.Parse(Repository.Read("local.settings.sample.json"));
        return file
            .RootElement.GetProperty("Values")
            .EnumerateObject()
            .ToDictionary(value => value.Name, value => value.Value.GetString()!);
    }

    [GeneratedRegex("%(?<name>[^%]+)%")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"'(?<name>springest-[a-z0-9-]+)'\)")]
    private static partial Regex SecretName();
}

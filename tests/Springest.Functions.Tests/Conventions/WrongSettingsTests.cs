using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Springest.Functions.Settings;
using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Conventions;

/// <summary>
/// A wrong setting keeps the app from its work, and a sentence names it, its value and what is allowed. What everybody may see names it
/// only.
/// </summary>
public sealed class WrongSettingsTests(AzuriteFixture storage)
{
    [Theory]
    [InlineData(
        "Springest:Storage:Prefix",
        "UPPER",
        "Springest__Storage__Prefix is 'UPPER'; it must be empty or up to 21 lower case letters and digits, a letter first."
    )]
    [InlineData("Springest:Sites:nl:Language", "fr", "Springest__Sites__nl__Language is 'fr'; it must be en, nl or de.")]
    [InlineData("Springest:Certificates:MaxFileSize", "0", "Springest__Certificates__MaxFileSize is '0'; it must be 1 to 104857600 bytes.")]
    [InlineData(
        "Springest:Certificates:LeaseDuration",
        "02:00:00",
        "Springest__Certificates__LeaseDuration is '02:00:00'; it must be 1 second to 6 minutes.")]
    [InlineData(
        "Springest:Certificates:SweepSchedule",
        "* * * * *",
        "Springest__Certificates__SweepSchedule is '* * * * *'; it must be an NCRONTAB expression of six fields, such as 0 */5 * * * *.")]
    [InlineData(
        "Springest:Mirror:Reviews:Schedule",
        "0 */15 * * * sunny",
        "Springest__Mirror__Reviews__Schedule is '0 */15 * * * sunny'; it must be an NCRONTAB expression of six fields, such as "
            + "0 */5 * * * *.")]
    [InlineData(
        "Springest:Privacy:Schedule",
        "",
        "Springest__Privacy__Schedule is ''; it must be an NCRONTAB expression of six fields, such as 0 */5 * * * *.")]
    [InlineData(
        "Springest:Webhooks:Schedule",
        "00:00:15",
        "Springest__Webhooks__Schedule is '00:00:15'; it must be an NCRONTAB expression of six fields, such as 0 */5 * * * *.")]
    [InlineData("Springest:Webhooks:Concurrency", "0", "Springest__Webhooks__Concurrency is 0; it must lie between 1 and 100.")]
    [InlineData(
        "Springest:Webhooks:InlineBudget",
        "00:10:00",
        "Springest__Webhooks__InlineBudget is 00:10:00; it must lie between 00:00:00 and 00:00:30."
    )]
    [InlineData(
        "Springest:Webhooks:MaxBodyBytes",
        "10",
        "Springest__Webhooks__MaxBodyBytes is 10; it must lie between 1024 and 104857600."
    )]
    [InlineData(
        "Springest:Telemetry:OtlpEndpoint",
        "localhost",
        "Springest__Telemetry__OtlpEndpoint must be an address such as http://localhost:4317."
    )]
    [InlineData(
        "Springest:Telemetry:ConnectionString",
        "InstrumentationKey=me",
        "Springest__Telemetry__ConnectionString must be a connection string of Application Insights: "
            + "InstrumentationKey=...;IngestionEndpoint=..."
    )]
    public async Task A_value_that_is_not_allowed_stops_the_app(string setting, string value, string sentence)
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(setting, value));
        Assert.Equal([sentence], wrong.Failures);
        AssertFault(setting, value, sentence);
    }

    [Theory]
    [InlineData(
        "Springest:Mirror:TimeBudget",
        "soon",
        "Springest__Mirror__TimeBudget is 'soon'; it must be a time such as 00:05:00 (hours, minutes and seconds)."
    )]
    [InlineData("Springest:Quota:Limit", "many", "Springest__Quota__Limit is 'many'; it must be a whole number.")]
    [InlineData("Springest:Quota:Limit", "99999999999", "Springest__Quota__Limit is '99999999999'; it must be a whole number.")]
    public async Task A_value_of_another_type_stops_the_app(string setting, string value, string sentence)
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(setting, value));
        AssertFault(setting, value, sentence);
    }

    [Theory]
    [InlineData("Springest:Storage:Prefixx", "There is no setting Springest__Storage__Prefixx. In Springest__Storage there are Prefix.")]
    [InlineData(
        "Springest:Mirror:Training:Schedule",
        "There is no setting Springest__Mirror__Training__Schedule. The sections are Springest__Sites__*, "
    )]
    [InlineData("Springest:Sites:uk:Key", "There is no setting Springest__Sites__uk__Key. In Springest__Sites__uk there are ")]
    [InlineData("Springest:ApiKey", "There is no setting Springest__ApiKey. The sections are Springest__Sites__*, ")]
    public async Task A_name_that_is_none_stops_the_app(string setting, string sentence)
    {
        var wrong = await Assert.ThrowsAsync<SettingsException>(() => StartAsync(setting, "canary-value"));
        Assert.StartsWith(sentence, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", wrong.Message, StringComparison.Ordinal);
        AssertFault(setting, "canary-value", wrong.Message);
    }

    [Theory]
    [InlineData("SPRINGEST:sites:NL:retries", "1")]
    [InlineData("springest:mirror:trainings:deltainterval", "")]
    public Task A_name_may_be_in_any_case(string setting, string value) => StartAsync(setting, value);

    [Theory]
    [InlineData("Springest:Sites:nl:ApiKey")]
    [InlineData("Springest:Sites:nl:CertificationsApiKey")]
    public async Task A_key_that_Azure_could_not_put_in_its_place_stops_the_app(string setting)
    {
        const string reference = "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/springest-nl-api-key)";
        var wrong = await Assert.ThrowsAsync<SettingsException>(() => StartAsync(setting, reference));
        AssertFault(setting, reference, wrong.Message);
        Assert.StartsWith(
            $"{setting.Replace(":", "__", StringComparison.Ordinal)} is a reference to the key vault that was not resolved.",
            wrong.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense-c2VjcmV0")]
    [InlineData("AccountName=account;AccountKey=!!c2VjcmV0!!")]
    public async Task A_connection_string_that_is_none_stops_the_app_and_is_not_repeated(string value)
    {
        var wrong = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync("AzureWebJobsStorage", value));
        Assert.Contains("AzureWebJobsStorage", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", wrong.ToString(), StringComparison.Ordinal);
        AssertFault("AzureWebJobsStorage", value, wrong.Message);
    }

    [Fact]
    public void An_app_without_a_site_does_not_start()
    {
        var nothing = new ConfigurationBuilder().AddInMemoryCollection([new("AzureWebJobsStorage", "UseDevelopmentStorage=true")]).Build();
        var wrong = Assert.Throws<SettingsException>(() => new ServiceCollection().AddSpringestFunctions(nothing));
        Assert.Contains("Springest__Sites__nl__ApiKey", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(wrong.Message, SettingsFault.Find(nothing)?.Sentences);
    }

    [Theory]
    [InlineData("AzureWebJobsStorage", "")]
    [InlineData("AzureWebJobsStorage:blobServiceUri", "storage, please")]
    [InlineData("Springest:Sites:nl:ApiKey", " ")]
    [InlineData("Springest:Sites:nl:Host", "https://canary@springest.test/?api_key=canary")]
    [InlineData("Springest:Sites:elsewhere:ApiKey", "canary-key")]
    [InlineData("Springest:Sites:nl:RateLimitStatuses", "many")]
    [InlineData("Springest:Quota:Limit", "abc")]
    [InlineData("Springest:Quota:Limit", "99999999999")]
    [InlineData("Springest:Quota:BlockTime", "5.00:00:00")]
    [InlineData("Springest:Mirror:Trainings:FullPassInterval", "often")]
    [InlineData("Springest:Mirror:LeaseDuration", "00:00:00")]
    [InlineData("Springest:Certificates:RefusedPdfFeatures", "Colours")]
    public void Whatever_is_wrong_is_found_before_the_app_starts(string setting, string value)
    {
        var isAddress = setting.StartsWith("AzureWebJobsStorage:", StringComparison.Ordinal);
        var fault = SettingsFault.Find(
            Settings(
                (setting, value),
                isAddress ? ("AzureWebJobsStorage", "") : default,
                isAddress ? ("AzureWebJobsStorage:accountName", "account") : default));

        Assert.NotNull(fault);
        Assert.DoesNotContain("canary", fault.Sentences, StringComparison.Ordinal);
        AssertForEverybody(fault, setting.Contains("elsewhere", StringComparison.Ordinal) ? "Springest__Sites__elsewhere" : setting, value);
    }

    [Fact]
    public void Every_wrong_setting_has_a_line()
    {
        var fault = SettingsFault.Find(
            Settings(
                ("Springest:Storage:Prefix", "UPPER"),
                ("Springest:Webhooks:Concurrency", "0"),
                ("Springest:Sites:nl:Language", "fr"),
                ("Springest:Certificates:LeaseDuration", "1.00:00:00")));

        Assert.Equal(4, fault?.Sentences.Split('\n').Length);
        string[] names =
        [
            "Springest__Storage__Prefix", "Springest__Webhooks__Concurrency", "Springest__Sites__nl__Language",
            "Springest__Certificates__LeaseDuration",
        ];
        Assert.All(names, name => Assert.Contains(name, fault!.ForEverybody, StringComparison.Ordinal));
    }

    /// <summary>Names of sites are parts of keys in storage.</summary>
    [Theory]
    [InlineData("acme-de")]
    [InlineData("acme_de")]
    [InlineData("a")]
    public void A_site_has_a_name_of_letters_and_digits(string name)
    {
        var fault = SettingsFault.Find(Settings(($"Springest:Sites:{name}:ApiKey", "canary-key")));

        Assert.Equal($"Springest__Sites__{name} is not allowed: the name of a site must be 2 to 30 letters and digits.", fault?.Sentences);
        AssertForEverybody(fault!, $"Springest:Sites:{name}", "canary-key");
    }

    /// <summary>Springest counts the requests of a key, and each site only its own.</summary>
    [Theory]
    [InlineData("https://api.springest.nl", "ApiKey", true)]
    [InlineData("https://api.springest.nl/", "CertificationsApiKey", true)]
    [InlineData("https://api.springest.de", "ApiKey", false)]
    public void Two_sites_at_one_host_have_no_key_in_common(string host, string key, bool isFault)
    {
        var fault = SettingsFault.Find(
            Settings(
                ("Springest:Sites:another:Host", host),
                ("Springest:Sites:another:ApiKey", "own-key"),
                ($"Springest:Sites:another:{key}", "canary-key")));

        Assert.Equal(isFault, fault is not null);
        // The later of the two, by name.
        if (fault is not null)
            AssertForEverybody(fault, "Springest:Sites:nl", "canary-key");
    }

    [Fact]
    public void With_right_settings_there_is_no_fault() => Assert.Null(SettingsFault.Find(Settings()));

    private static void AssertFault(string setting, string value, string sentence)
    {
        var fault = SettingsFault.Find(Settings((setting, value)));
        Assert.Equal(sentence, fault?.Sentences);
        AssertForEverybody(fault!, setting, value);
    }

    private static void AssertForEverybody(SettingsFault fault, string setting, string value)
    {
        Assert.Contains($"look at {setting.Replace(":", "__", StringComparison.Ordinal)}", fault.ForEverybody, StringComparison.Ordinal);
        if (!string.IsNullOrWhiteSpace(value))
            Assert.DoesNotContain(value, fault.ForEverybody.Replace(setting, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static IConfiguration Settings(params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            ["Springest:Sites:nl:ApiKey"] = "canary-key",
        };
        foreach (var (name, value) in settings.Where(setting => setting.Value is not null))
            all[name] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(all).Build();
    }

    private async Task StartAsync(string setting, string value)
    {
        await using var app = await TestApp.StartAsync(storage.Azurite, settings: new() { [setting] = value });
    }
}

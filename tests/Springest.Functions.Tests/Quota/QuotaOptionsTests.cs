using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Springest.Functions.Quota;

namespace Springest.Functions.Tests.Quota;

public sealed class QuotaOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Start([]);

    [Fact]
    public void Small_scales_are_valid()
        => Start(
            new()
            {
                ["Limit"] = "100",
                ["Window"] = "00:00:10",
                ["GrantLife"] = "00:00:01",
                ["NetworkSlack"] = "00:00:20",
                ["BlockTime"] = "00:00:05",
            });

    [Theory]
    [InlineData("Limit", "0", "Springest__Quota__Limit is 0, but must be 1 to 65535.")]
    [InlineData("Limit", "-4000", "Springest__Quota__Limit is -4000, but must be 1 to 65535.")]
    [InlineData("Limit", "70000", "Springest__Quota__Limit is 70000")]
    [InlineData("WebhookShare", "1.1", "Springest__Quota__WebhookShare is 1.1, but must be more than 0 and at most 1.")]
    [InlineData("WebhookAloneShare", "0", "Springest__Quota__WebhookAloneShare is 0, but must be more than 0 and at most 1.")]
    [InlineData("DeltaShare", "0.96", "Springest__Quota__DeltaShare is 0.96, but must be more than 0 and at most WebhookShare (0.95).")]
    [InlineData("FullPassShare", "0.9", "Springest__Quota__FullPassShare is 0.9, but must be more than 0 and at most DeltaShare (0.85).")]
    [InlineData("FullPassShare", "NaN", "Springest__Quota__FullPassShare is NaN")]
    [InlineData(
        "GrantLife",
        "02:00:00",
        "Springest__Quota__GrantLife is 02:00:00, but must be more than zero and at most Window (01:00:00)."
    )]
    [InlineData(
        "NetworkSlack",
        "00:00:14",
        "NetworkSlack is 00:00:14, but must be at least the longest AttemptTimeout of a site (00:00:15) and at most 01:00:00."
    )]
    [InlineData("GrantLife", "-00:00:01", "Springest__Quota__GrantLife is -00:00:01")]
    [InlineData("NetworkSlack", "02:00:00", "Springest__Quota__NetworkSlack is 02:00:00")]
    [InlineData("Window", "-01:00:00", "Springest__Quota__Window is -01:00:00")]
    [InlineData("PassPatience", "-00:00:01", "Springest__Quota__PassPatience is -00:00:01")]
    [InlineData("BlockTime", "00:00:00", "Springest__Quota__BlockTime is 00:00:00")]
    public void A_wrong_setting_stops_the_app_with_a_sentence(string setting, string value, string sentence)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Start(new() { [setting] = value }));
        Assert.Contains(exception.Failures, failure => failure.Contains(sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void Network_slack_is_the_longest_attempt_of_a_site()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Springest:Sites:nl:ApiKey"] = "a-key",
                    ["Springest:Sites:nl:AttemptTimeout"] = "00:00:40",
                    ["Springest:Sites:uk:ApiKey"] = "b-key",
                })
            .Build();
        using var services = new ServiceCollection().AddQuota(configuration).BuildServiceProvider();

        Assert.Equal(TimeSpan.FromSeconds(40), services.GetRequiredService<IOptions<QuotaOptions>>().Value.LongestAttempt);
    }

    private static void Start(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Springest:Quota:{setting.Key}", setting.Value)))
            .Build();
        using var services = new ServiceCollection().AddQuota(configuration).BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
    }
}

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
        => Start(new()
        {
            ["Limit"] = "100", ["Window"] = "00:00:10", ["SlotLength"] = "00:00:00.1", ["GrantLife"] = "00:00:01", ["NetworkSlack"] = "00:00:01",
            ["SubmissionReserve"] = "5", ["WebhookReserve"] = "10", ["BlockTime"] = "00:00:05",
        });

    [Theory]
    [InlineData("Limit", "0", "Springest__Quota__Limit is 0, but must be 1 to 65535.")]
    [InlineData("Limit", "-4000", "Springest__Quota__Limit is -4000, but must be 1 to 65535.")]
    [InlineData("Limit", "70000", "Springest__Quota__Limit is 70000")]
    [InlineData("SubmissionReserve", "-1", "Springest__Quota__SubmissionReserve is -1")]
    [InlineData("SubmissionReserve", "3900", "together they must be less than Limit (4000)")]
    [InlineData("WebhookReserve", "2147483647", "together they must be less than Limit (4000)")]
    [InlineData("SlotLength", "02:00:00", "Springest__Quota__SlotLength is 02:00:00")]
    [InlineData("SlotLength", "00:00:00", "Springest__Quota__SlotLength is 00:00:00")]
    [InlineData("SlotLength", "00:00:00.010", "so long that 30000 slots cover")]
    [InlineData("GrantLife", "00:00:16", "Springest__Quota__GrantLife is 00:00:16, but must be more than zero and at most NetworkSlack (00:00:15).")]
    [InlineData("GrantLife", "-00:00:01", "Springest__Quota__GrantLife is -00:00:01")]
    [InlineData("NetworkSlack", "02:00:00", "Springest__Quota__NetworkSlack is 02:00:00")]
    [InlineData("Window", "-01:00:00", "Springest__Quota__Window is -01:00:00")]
    [InlineData("ChunkSize", "0", "Springest__Quota__ChunkSize is 0")]
    [InlineData("ChunkSize", "4001", "Springest__Quota__ChunkSize is 4001")]
    [InlineData("QueueLimit", "0", "Springest__Quota__QueueLimit is 0")]
    [InlineData("CataloguePatience", "-00:00:01", "Springest__Quota__CataloguePatience is -00:00:01")]
    [InlineData("BlockTime", "00:00:00", "Springest__Quota__BlockTime is 00:00:00")]
    public void A_wrong_setting_stops_the_app_with_a_sentence(string setting, string value, string sentence)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Start(new() { [setting] = value }));
        Assert.Contains(exception.Failures, failure => failure.Contains(sentence, StringComparison.Ordinal));
    }

    private static void Start(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Springest:Quota:{setting.Key}", setting.Value))).Build();
        using var services = new ServiceCollection().AddQuota(configuration).BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
    }
}

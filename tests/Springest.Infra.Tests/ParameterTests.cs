using System.Text.Json;
using System.Text.RegularExpressions;

namespace Springest.Infra.Tests;

/// <summary>Whoever deploys can choose, now and later, and is told what cannot be chosen.</summary>
public sealed partial class ParameterTests(Deployments deployments)
{
    [Fact]
    public async Task Storage_names_cannot_be_set()
    {
        var errors = await Deployments.RefuseAsync(
            "storage-names", "param settings = { Springest__Certificates__Container: 'files', Springest__Storage__Prefix: 'second' }");

        Assert.Contains(
            "The settings Springest__Certificates__Container and Springest__Storage__Prefix cannot be given",
            errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_cannot_be_set()
    {
        var errors = await Deployments.RefuseAsync(
            "keys",
            "param settings = { Springest__Sites__nl__CertificationsApiKey: 'canary', springest__sites__nl__APIKEY: 'canary' }",
            "{ name: 'nl', settings: { ApiKey: 'canary' } }");

        Assert.Equal(
            ["Springest__Sites__nl__ApiKey", "Springest__Sites__nl__CertificationsApiKey", "springest__sites__nl__APIKEY"],
            RefusedKeys().Match(errors).Groups["names"].Value.Split(" and ").Order(StringComparer.Ordinal));
        Assert.Contains("certificationsKey: true", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_can_be_added_later()
    {
        var (without, with) = (await deployments.Least, await deployments.Everything);

        Assert.Empty(without.All("Microsoft.Consumption/budgets"));
        // Kept for the next time, it would be a month that is over when the budget comes.
        Assert.Equal("", without.Outputs["SPRINGEST_BUDGET_START"]!.GetValue<string>());
        var later = await Deployments.EvaluateAsync(
            "budget-later", $"param monthlyBudget = 60\nparam budgetStart = '{without.Outputs["SPRINGEST_BUDGET_START"]}'");
        // The month of that deployment.
        Assert.Equal("[utcNow('yyyy-MM-01')]", later.Outputs["SPRINGEST_BUDGET_START"]!.GetValue<string>());
        Assert.Equal("2026-03-01", with.Outputs["SPRINGEST_BUDGET_START"]!.GetValue<string>());
        var budget = with.One("Microsoft.Consumption/budgets")["properties"]!;
        Assert.Contains("2026-03-01", budget.ToJsonString(), StringComparison.Ordinal);
        // Whom alerts call.
        Assert.All(
            budget["notifications"]!.AsObject(),
            each => Assert.Equal(
                ["person@example.org", "another@example.org"],
                each.Value!["contactEmails"]!.AsArray().Select(email => email!.GetValue<string>())));
    }

    [Fact]
    public async Task Every_parameter_is_tried()
    {
        var (_, output, _) = await deployments.Main;
        using var template = JsonDocument.Parse(output);
        var all = template.RootElement.GetProperty("parameters").EnumerateObject().Select(parameter => parameter.Name);
        await deployments.Everything;
        var file = Path.Combine(AppContext.BaseDirectory, "deployments", "everything.bicepparam");
        var tried = Given().Matches(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
            .Select(parameter => parameter.Groups["name"].Value);

        Assert.Equal(all.Except(["thisMonth"]).Order(), tried.Order());
    }

    [GeneratedRegex("The settings (?<names>.+) cannot be given: keys belong in the key vault")]
    private static partial Regex RefusedKeys();

    [GeneratedRegex(@"^param (?<name>\w+) =", RegexOptions.Multiline)]
    private static partial Regex Given();
}

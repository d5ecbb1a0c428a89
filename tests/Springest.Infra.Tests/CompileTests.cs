using System.Text.Json;
using Springest.Testing;

namespace Springest.Infra.Tests;

/// <summary>
/// Bicep takes every file without a word; wrong names of properties and breaches of bicepconfig.json's rules would be errors.
/// </summary>
public sealed class CompileTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Repository.PathOf("infra"), "*.bicep*", SearchOption.AllDirectories)
        .Where(file => Path.GetExtension(file) is ".bicep" or ".bicepparam")
        .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))];

    [Theory]
    [InlineData("infra/main.bicep")]
    [InlineData("infra/events.bicep")]
    public async Task It_compiles_without_a_warning(string file)
    {
        var (exitCode, output, errors) = await BicepCli.RunAsync(["build", file, "--stdout"]);

        Assert.Equal((0, ""), (exitCode, errors));
        using var template = JsonDocument.Parse(output);
        Assert.True(template.RootElement.TryGetProperty("resources", out _));
    }

    [Fact]
    public async Task The_parameters_need_nothing_but_what_azd_and_the_document_say()
    {
        var environment = new Dictionary<string, string>
        {
            ["AZURE_ENV_NAME"] = "springest",
            ["AZURE_LOCATION"] = "westeurope",
            ["SPRINGEST_ALERT_EMAILS"] = "one@example.org,two@example.org",
        };
        var (exitCode, output, errors) = await BicepCli.RunAsync(["build-params", "infra/main.bicepparam", "--stdout"], environment);

        Assert.Equal((0, ""), (exitCode, errors));
        using var built = JsonDocument.Parse(output);
        using var parameters = JsonDocument.Parse(built.RootElement.GetProperty("parametersJson").GetString()!);
        var emails = parameters.RootElement.GetProperty("parameters").GetProperty("alertEmails").GetProperty("value");
        Assert.Equal(["one@example.org", "two@example.org"], emails.EnumerateArray().Select(email => email.GetString()));
    }

    [Fact]
    public async Task Without_somebody_to_call_nothing_is_deployed()
    {
        var environment = new Dictionary<string, string> { ["AZURE_ENV_NAME"] = "springest", ["AZURE_LOCATION"] = "westeurope" };
        var (exitCode, _, errors) = await BicepCli.RunAsync(["build-params", "infra/main.bicepparam", "--stdout"], environment);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("SPRINGEST_ALERT_EMAILS", errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task It_is_formatted(string file)
    {
        var (exitCode, output, errors) = await BicepCli.RunAsync(["format", file, "--stdout"]);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(Repository.Read(file), output);
    }
}

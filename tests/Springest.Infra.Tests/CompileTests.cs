using System.Text.Json;
using Springest.Testing;

namespace Springest.Infra.Tests;

/// <summary>
/// Bicep takes every file without a word; wrong names of properties and breaches of bicepconfig.json's rules would be errors.
/// </summary>
public sealed class CompileTests(Deployments deployments)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_compiles_without_a_warning()
    {
        var templates = await Task.WhenAll(deployments.Main, BicepCli.RunAsync(["build", "infra/events.bicep", "--stdout"]));

        Assert.All(templates, compiled =>
        {
            Assert.Equal((0, ""), (compiled.ExitCode, compiled.Errors));
            using var template = JsonDocument.Parse(compiled.Output);
            Assert.True(template.RootElement.TryGetProperty("resources", out _));
        });
    }

    [Fact]
    public async Task The_parameters_need_nothing_but_what_azd_and_the_document_say()
    {
        var environment = new Dictionary<string, string>
        {
            ["AZURE_ENV_NAME"] = "springest",
            ["AZURE_LOCATION"] = "westeurope",
            ["SPRINGEST_ALERT_EMAILS"] = "one@example.org, two@example.org",
            ["SPRINGEST_OFFICE_EMAILS"] = " office@example.org , ",
        };
        var (exitCode, output, errors) = await BicepCli.RunAsync(["build-params", "infra/main.bicepparam", "--stdout"], environment);

        Assert.Equal((0, ""), (exitCode, errors));
        using var built = JsonDocument.Parse(output);
        using var parameters = JsonDocument.Parse(built.RootElement.GetProperty("parametersJson").GetString()!);
        Assert.Equal(["one@example.org", "two@example.org"], EmailsOf("alertEmails"));
        Assert.Equal(["office@example.org"], EmailsOf("officeEmails"));

        IEnumerable<string?> EmailsOf(string name)
            => parameters.RootElement.GetProperty("parameters").GetProperty(name).GetProperty("value").EnumerateArray()
                .Select(email => email.GetString());
    }

    [Fact]
    public async Task Without_somebody_to_call_nothing_is_deployed()
    {
        var environment = new Dictionary<string, string> { ["AZURE_ENV_NAME"] = "springest", ["AZURE_LOCATION"] = "westeurope" };
        var (exitCode, _, errors) = await BicepCli.RunAsync(["build-params", "infra/main.bicepparam", "--stdout"], environment);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("SPRINGEST_ALERT_EMAILS", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_formatted()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "formatted");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        // With bicepconfig.json, which says how.
        var files = Directory.GetFiles(Repository.PathOf("infra"), "*bicep*", SearchOption.AllDirectories);
        var copies = files.ToDictionary(file => file, file => Path.Combine(folder, Path.GetRelativePath(Repository.PathOf("infra"), file)));
        foreach (var (file, copy) in copies)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var untidy = Path.Combine(folder, "untidy.bicep");
        await File.WriteAllTextAsync(untidy, "param   x    string\n", Cancellation);

        // All in one process: each takes two seconds to start.
        var (exitCode, _, errors) = await BicepCli.RunAsync(
            ["format", "--pattern", Path.GetRelativePath(Repository.Root, folder).Replace('\\', '/') + "/**/*.bicep*"]);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal("param x string\n", await File.ReadAllTextAsync(untidy, Cancellation));
        foreach (var (file, copy) in copies)
            Assert.Equal(await File.ReadAllTextAsync(file, Cancellation), await File.ReadAllTextAsync(copy, Cancellation));
    }
}

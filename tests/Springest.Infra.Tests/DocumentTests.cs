using System.Text.Json;
using System.Text.RegularExpressions;
using Springest.Testing;

namespace Springest.Infra.Tests;

/// <summary>The documents speak of what is there.</summary>
public sealed partial class DocumentTests(Deployments deployments)
{
    private static readonly string Dev = Repository.Read("dev.cs");

    public static TheoryData<string> Files =>
    [
        .. Directory.GetFiles(Repository.PathOf("docs"), "*.md").Select(file => $"docs/{Path.GetFileName(file)}"),
        .. Directory.GetFiles(Repository.Root, "*.md").Select(file => Path.GetFileName(file)),
        "src/Springest.LocalHost/README.md",
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Links_lead_somewhere(string file)
    {
        foreach (Match link in Link().Matches(Repository.Read(file)))
        {
            var path = link.Groups["path"].Value is { Length: > 0 } other ? Path.Combine(Path.GetDirectoryName(file)!, other) : file;
            Assert.True(File.Exists(Repository.PathOf(path)), $"{file} links to {path}, which is not there.");
            if (link.Groups["anchor"].Value is { Length: > 0 } anchor)
                Assert.True(
                    Heading().Matches(Repository.Read(path)).Any(heading => Anchor(heading.Groups["text"].Value) == anchor),
                    $"{file} links to {path}#{anchor}, and there is no such heading.");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Commands_exist(string file)
        => Assert.All(
            Command().Matches(Repository.Read(file)).Select(command => command.Groups["name"].Value).Distinct(),
            name => Assert.Contains($"dotnet dev.cs {name}", Dev, StringComparison.Ordinal));

    [Fact]
    public void Architecture_names_source_files_that_exist()
    {
        var named = SourceFile().Matches(Repository.Read("ARCHITECTURE.md")).Select(match => match.Value.Trim('`')).Distinct().ToArray();

        Assert.InRange(named.Length, 20, 200);
        Assert.All(
            named,
            file => Assert.True(File.Exists(Repository.PathOf($"src/{file}")), $"ARCHITECTURE.md names src/{file}, which does not exist."));
    }

    // azd skips a provisioning if neither the template nor its parameters have changed, whatever was changed in Azure.
    [Fact]
    public void Runbook_has_azd_provision_forced_unless_parameters_have_changed()
        => Assert.All(
            Repository.Read("docs/operate.md").Split("\n\n").Where(part => part.Contains("`azd provision`", StringComparison.Ordinal)),
            part => Assert.Contains("`infra/main.bicepparam`", part, StringComparison.Ordinal));

    [Fact]
    public void Readme_stays_short() => Assert.InRange(Repository.Read("README.md").Split('\n').Length, 50, 151);

    [Theory]
    [MemberData(nameof(Files))]
    public async Task What_azd_is_told_or_tells_exists(string file)
    {
        var known = Variable().Matches(Repository.Read("infra/main.bicepparam")).Select(match => match.Value)
            .Concat((await deployments.Least).Outputs.Select(output => output.Key)).Concat(ReadByTools()).ToHashSet();

        Assert.Empty(Variable().Matches(Repository.Read(file)).Select(match => match.Value).Except(known));
    }

    [Fact]
    public async Task Every_parameter_is_described_and_in_the_parameter_file()
    {
        var (_, output, _) = await deployments.Main;
        using var template = JsonDocument.Parse(output);
        var parameters = template.RootElement.GetProperty("parameters").EnumerateObject().ToArray();
        var file = Repository.Read("infra/main.bicepparam");

        Assert.All(
            parameters,
            parameter => Assert.NotEmpty(parameter.Value.GetProperty("metadata").GetProperty("description").GetString()!));
        Assert.Equal(
            parameters.Select(parameter => parameter.Name).Where(name => name != "thisMonth").Order(),
            Given().Matches(file).Select(match => match.Groups["name"].Value).Order());
    }

    /// <summary>What the end-to-end suite, the campaigns of random files and `smoke` read from the environment.</summary>
    private static IEnumerable<string> ReadByTools()
        => OfTheSuite()
            .Matches(Repository.Read("tests/Springest.EndToEnd.Tests/Surroundings/ExternalHost.cs"))
            .Select(match => $"SPRINGEST_E2E_{match.Groups["name"].Value}")
            .Concat(
                new[]
                    {
                        "tools/Springest.Tools/SmokeCommand.cs", "tools/Springest.Tools/Webhook/WebhookCommand.cs",
                        "tests/Springest.Functions.Tests/Certificates/FileFuzzTests.cs", "tests/TimeLimit.cs",
                    }
                    .SelectMany(file => Variable().Matches(Repository.Read(file)))
                    .Select(match => match.Value));

    // As GitHub makes them out of a heading.
    private static string Anchor(string heading) => NotInAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\((?!https?:)(?<path>[^)#]*)(#(?<anchor>[^)]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"dotnet dev\.cs (?<name>[a-z]+)")]
    private static partial Regex Command();

    // Below src/, as `Springest.Functions/Quota/QuotaRing.cs`.
    [GeneratedRegex(@"`Springest\.\w+/[\w/.]+\.cs`")]
    private static partial Regex SourceFile();

    [GeneratedRegex(@"SPRINGEST_[A-Z0-9_]+")]
    private static partial Regex Variable();

    [GeneratedRegex(@"(Get|Find|Url)\(""(?<name>[A-Z_]+)""\)")]
    private static partial Regex OfTheSuite();

    [GeneratedRegex(@"^(// )?param (?<name>\w+) =", RegexOptions.Multiline)]
    private static partial Regex Given();
}

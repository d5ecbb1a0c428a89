using System.Text.RegularExpressions;
using Springest.Testing;
using Springest.Tools.Deploy;
using YamlDotNet.RepresentationModel;

namespace Springest.Infra.Tests;

/// <summary>What runs on GitHub runs pinned code, with no more rights than it needs, and not for ever.</summary>
public sealed partial class WorkflowTests(Deployments deployments)
{
    public static TheoryData<string> Files
        => [.. Directory.GetFiles(Repository.PathOf(".github/workflows"), "*.yml").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Actions_are_pinned_by_commit_and_name_their_version(string file)
    {
        var uses = Uses().Matches(Repository.Read($".github/workflows/{file}"));

        Assert.NotEmpty(uses);
        Assert.All(uses, use => Assert.Matches("^[a-z-]+/[a-z/-]+@[0-9a-f]{40} # v[0-9]+(\\.[0-9]+)*$", use.Groups["action"].Value));
    }

    [Fact]
    public void One_action_has_one_commit()
        => Assert.All(
            Files.Select(file => file.Data).SelectMany(file => Uses().Matches(Repository.Read($".github/workflows/{file}")))
                .Select(use => use.Groups["action"].Value).GroupBy(action => action.Split('@')[0]),
            action => Assert.Single(action.Distinct()));

    [Theory]
    [MemberData(nameof(Files))]
    public void Rights_are_given_to_jobs_one_by_one_and_time_is_limited(string file)
    {
        var workflow = Load($".github/workflows/{file}");

        Assert.Empty(((YamlMappingNode)workflow["permissions"]).Children);
        Assert.All(((YamlMappingNode)workflow["jobs"]).Children.Values.Cast<YamlMappingNode>(), job =>
        {
            Assert.True(int.Parse(job["timeout-minutes"].ToString(), System.Globalization.CultureInfo.InvariantCulture) <= 40);
            var permissions = (YamlMappingNode)job["permissions"];
            Assert.NotEmpty(permissions.Children);
            // Who may write the repository runs none of its code.
            if (permissions.Children.TryGetValue("contents", out var contents) && contents.ToString() == "write")
            {
                Assert.DoesNotContain("actions/checkout", job.ToString(), StringComparison.Ordinal);
                // Whose reviewers have to agree.
                Assert.Equal("release", job["environment"].ToString());
            }
        });
    }

    // Only `dotnet dev.cs test` says which project hung. Before that, it builds for minutes.
    [Fact]
    public void Tests_that_hang_are_ended_before_their_job_is()
    {
        var limit = TimeSpan.FromMinutes(Number(MostTesting().Match(Repository.Read("dev.cs")).Groups["minutes"].Value));
        var jobs = Files.SelectMany(file => ((YamlMappingNode)Load($".github/workflows/{file.Data}")["jobs"]).Children.Values)
            .Where(job => $"{job}".Contains("dotnet dev.cs test", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(jobs);
        Assert.All(jobs, job => Assert.True(limit <= TimeSpan.FromMinutes(Number($"{job["timeout-minutes"]}") - 10)));
        Assert.Contains(
            $"not ended after {limit.TotalMinutes} minutes is killed", Repository.Read("docs/testing.md"), StringComparison.Ordinal);

        static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Every_checkout_forgets_its_credentials()
        => Assert.All(Files.Select(file => file.Data), file => Assert.Equal(
            Regex.Count(Repository.Read($".github/workflows/{file}"), "actions/checkout@"),
            Regex.Count(Repository.Read($".github/workflows/{file}"), "persist-credentials: false")));

    [Fact]
    public void Every_project_is_locked_and_every_lock_kept_up_to_date()
    {
        var projects = Files("*.csproj");
        var locks = Files("package-lock.json").Select(file => $"/{Path.GetDirectoryName(file)}");
        var updates = ((YamlSequenceNode)Load(".github/dependabot.yml")["updates"]).Cast<YamlMappingNode>()
            .ToDictionary(update => update["package-ecosystem"].ToString());

        Assert.InRange(projects.Length, 12, 40);
        Assert.All(projects, file => Assert.True(
            File.Exists(Repository.PathOf(Path.Combine(Path.GetDirectoryName(file)!, "packages.lock.json"))), file));
        Assert.Equal(["dotnet-sdk", "github-actions", "npm", "nuget"], updates.Keys.Order());
        Assert.Equal(locks.Order(), ((YamlSequenceNode)updates["npm"]["directories"]).Select(folder => folder.ToString()).Order());
        // A build server takes exactly those.
        Assert.All(
            Restoring().Matches(string.Concat(WorkflowTests.Files.Select(file => Repository.Read($".github/workflows/{file.Data}")))),
            install => Assert.Contains(install.Value, (string[])["npm install --global azure-functions-core-tools@4.15.1"]));

        static string[] Files(string pattern)
            => [
                .. ((string[])["src", "tests", "tools", "bench"])
                    .SelectMany(folder => Directory.GetFiles(Repository.PathOf(folder), pattern, SearchOption.AllDirectories))
                    .Concat(Directory.GetFiles(Repository.Root, pattern))
                    .Where(file => !file.Contains("node_modules", StringComparison.Ordinal))
                    .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')),
            ];
    }

    [Fact]
    public void Azd_builds_what_is_checked_and_deploys_that()
    {
        var azure = Load("azure.yaml");
        var app = (YamlMappingNode)azure["services"]["app"];

        Assert.Equal(PublishCommand.Package, app["dist"].ToString());
        Assert.Equal("custom", app["language"].ToString());
        foreach (var system in (string[])["posix", "windows"])
        {
            Assert.Equal("dotnet dev.cs publish", app["hooks"]["prepackage"][system]["run"].ToString());
            Assert.Equal("dotnet dev.cs keys", azure["hooks"]["postprovision"][system]["run"].ToString());
            Assert.Equal("dotnet dev.cs events", azure["hooks"]["postdeploy"][system]["run"].ToString());
        }
    }

    [Fact]
    public async Task Azd_finds_the_function_app_by_the_tag_of_its_service()
    {
        var deployment = await deployments.Least;

        Assert.Equal("app", deployment.One("Microsoft.Web/sites")["tags"]!["azd-service-name"]!.GetValue<string>());
        Assert.Equal("test", deployment.One("Microsoft.Resources/resourceGroups")["tags"]!["azd-env-name"]!.GetValue<string>());
    }

    private static YamlMappingNode Load(string file)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Repository.Read(file)));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    [GeneratedRegex(@"MostTesting = TimeSpan\.FromMinutes\((?<minutes>\d+)\)")]
    private static partial Regex MostTesting();

    [GeneratedRegex(@"(npm install|dotnet tool).*")]
    private static partial Regex Restoring();

    [GeneratedRegex(@"^\s*(- )?uses: (?<action>.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Uses();
}

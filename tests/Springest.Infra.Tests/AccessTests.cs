using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Springest.Functions.Catalogue.Resources;

namespace Springest.Infra.Tests;

/// <summary>
/// What everybody can read and write, computed from the role assignments of the evaluated template and from what the roles allow.
/// </summary>
public sealed partial class AccessTests(Deployments deployments)
{
    private const string Blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/";
    private const string Container = "Microsoft.Storage/storageAccounts/blobServices/containers";
    private const string Table = "Microsoft.Storage/storageAccounts/tableServices/tables";

    // As Azure publishes them.
    private static readonly Dictionary<string, (string Of, string[] Rights)> Roles = new()
    {
        // Storage Blob Data Contributor and Reader, Storage Queue Data Contributor, Storage Table Data Contributor and Reader.
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = ("containers", ["delete", "read", "write"]),
        ["2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"] = ("containers", ["read"]),
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = ("queues", ["delete", "read", "write"]),
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = ("tables", ["delete", "read", "write"]),
        ["76199698-9eea-4c19-bc75-cec21354c6b6"] = ("tables", ["read"]),
        // Key Vault Secrets User, Monitoring Metrics Publisher.
        ["4633458b-17de-408a-b874-0445c86b69e6"] = ("secrets", ["read"]),
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = ("telemetry", ["write"]),
    };

    private static readonly string[] Erased =
        ["azure-webjobs-hosts", "certificates", "certificates-accepted", "certificates-rejected", "dead-letters"];

    [Fact]
    public async Task The_office_writes_where_certificates_are_dropped_and_reads_what_became_of_them()
        => Assert.Equal(
            [
                "containers/certificates: delete, read, write",
                "containers/certificates-accepted: read",
                "containers/certificates-rejected: read",
            ],
            Of("the office", await deployments.Everything));

    [Fact]
    public async Task Analysts_read_the_mirror_and_its_snapshots()
        => Assert.Equal(
            MirroredResources.All.Select(resource => resource.Name).Append("Changes").Select(table => $"tables/{table}: read")
                .Prepend("containers/catalogue-exports: read").Order(StringComparer.Ordinal),
            Of("analysts", await deployments.Everything));

    [Fact]
    public async Task The_app_has_what_it_works_with_and_nothing_on_the_account_that_could_be_narrower()
    {
        var deployment = await deployments.Least;
        var containers = deployment.Names(Container).Select(
            name => $"containers/{name}: delete, {(Erased.Contains(name) ? "delete versions, " : "")}read, write");
        var tables = deployment.Names(Table).Select(name => $"tables/{name}: delete, read, write");

        Assert.Equal(
            [
                .. containers.Concat(tables).Concat(
                [
                    // The names of containers, by which the host sees whether storage is there; and its queues, which it names itself.
                    "containers: list", "queues: delete, read, write", "secrets: read", "telemetry: write",
                ]).OrderBy(right => right.Split(':')[0], StringComparer.Ordinal),
            ],
            Of("the app", deployment));
    }

    [Fact]
    public async Task Event_grid_reaches_its_dead_letters_only()
        => Assert.Equal(["containers/dead-letters: delete, read, write"], Of("the topic", await deployments.Everything));

    [Fact]
    public async Task No_other_role_is_assigned()
    {
        Assert.Equal(["the app", "the topic"], Everybody(await deployments.Least));
        Assert.Equal(["analysts", "the app", "the office", "the topic"], Everybody(await deployments.Everything));
    }

    [Fact]
    public async Task What_follows_the_code_gives_no_rights()
        => Assert.Equal(["Microsoft.EventGrid/systemTopics/eventSubscriptions"], (await deployments.Events).Types);

    private static IEnumerable<string> Everybody(Deployment deployment)
        => Rights(deployment).Select(right => right.Who).Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<string> Of(string who, Deployment deployment)
        => Rights(deployment).Where(right => right.Who == who).GroupBy(right => right.What, right => right.Right)
            .OrderBy(rights => rights.Key, StringComparer.Ordinal)
            .Select(rights => $"{rights.Key}: {string.Join(", ", rights.Distinct().Order(StringComparer.Ordinal))}");

    private static IEnumerable<(string Who, string What, string Right)> Rights(Deployment deployment)
    {
        var roles = new Dictionary<string, (string Of, string[] Rights)>(Roles);
        foreach (var role in deployment.All("Microsoft.Authorization/roleDefinitions"))
            roles.Add(role["name"]!.GetValue<string>(), Read(role["properties"]!["permissions"]!.AsArray()));
        foreach (var assignment in deployment.All("Microsoft.Authorization/roleAssignments"))
        {
            var (of, rights) = roles[assignment["properties"]!["roleDefinitionId"]!.GetValue<string>().Split('/')[^1]];
            var scope = Scope().Match(assignment["id"]!.GetValue<string>());
            Assert.True(scope.Success, assignment["id"]!.GetValue<string>());
            var part = scope.Groups["part"].Value;
            Assert.True(part.Length == 0 || part.StartsWith(of, StringComparison.Ordinal), $"A role for {of} is given for {part}.");
            foreach (var right in rights)
                yield return (Who(assignment["properties"]!["principalId"]!.GetValue<string>()), part.Length > 0 ? part : of, right);
        }
    }

    private static (string Of, string[] Rights) Read(JsonArray permissions)
    {
        var permission = Assert.Single(permissions)!;
        Assert.Null(permission["notActions"]);
        Assert.Null(permission["notDataActions"]);
        var data = permission["dataActions"]?.AsArray().Select(action => action!.GetValue<string>()).ToArray() ?? [];
        Assert.All(data, action => Assert.StartsWith(Blobs, action, StringComparison.Ordinal));
        Assert.All(
            permission["actions"]!.AsArray().Select(action => action!.GetValue<string>()),
            action => Assert.Contains(
                action,
                data.Length > 0 ? [$"{Container}/read", $"{Container}/write"]
                    : (string[])["Microsoft.Storage/storageAccounts/blobServices/read", $"{Container}/read"]));
        return (
            "containers",
            data.Length == 0 ? ["list"]
                : [
                    .. data.Select(action => action[Blobs.Length..] switch
                    {
                        "read" => "read",
                        "write" or "add/action" => "write",
                        "delete" => "delete",
                        "deleteBlobVersion/action" => "delete versions",
                        var other => other,
                    }),
                ]);
    }

    private static string Who(string principal) => principal switch
    {
        _ when principal.Contains("Microsoft.ManagedIdentity/userAssignedIdentities/id-springest-", StringComparison.Ordinal) => "the app",
        _ when principal.Contains("Microsoft.EventGrid/systemTopics/evgt-springest-", StringComparison.Ordinal) => "the topic",
        "00000000-0000-0000-0000-00000000000f" => "the office",
        "00000000-0000-0000-0000-00000000000a" => "analysts",
        _ => principal,
    };

    // The resource that the role is for: a container or table, or all of the account, the vault or the component.
    [GeneratedRegex(
        @"^(\[extensionResourceId\(')?/[^']*?/resourceGroups/[^']*?/providers/Microsoft\.(Storage/storageAccounts/[a-z0-9]+"
            + @"(/(blob|table)Services/default/(?<part>containers/[a-z-]+|tables/[A-Za-z]+))?"
            + @"|KeyVault/vaults/[^/']+|Insights/components/[^/']+)('|/providers/)")]
    private static partial Regex Scope();
}

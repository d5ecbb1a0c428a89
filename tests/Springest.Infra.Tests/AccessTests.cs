using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Springest.Infra.Tests;

/// <summary>Nobody has a right that is not on this list.</summary>
public sealed partial class AccessTests(Deployments deployments)
{
    private static readonly Dictionary<string, string> Roles = new()
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"] = "Storage Blob Data Reader",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["76199698-9eea-4c19-bc75-cec21354c6b6"] = "Storage Table Data Reader",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
    };

    private static readonly string[] Always =
    [
        "the app: Key Vault Secrets User of vaults",
        "the app: Monitoring Metrics Publisher of components",
        "the app: Storage Blob Data Owner of storageAccounts",
        "the app: Storage Queue Data Contributor of storageAccounts",
        "the app: Storage Table Data Contributor of storageAccounts",
        "the topic: Storage Blob Data Contributor of containers/dead-letters",
    ];

    private static readonly string[] WithPeople =
    [
        "analysts: Storage Blob Data Reader of containers/catalogue-exports",
        "analysts: Storage Table Data Reader of tables/Categories",
        "analysts: Storage Table Data Reader of tables/Certifications",
        "analysts: Storage Table Data Reader of tables/Changes",
        "analysts: Storage Table Data Reader of tables/Institutes",
        "analysts: Storage Table Data Reader of tables/Reviews",
        "analysts: Storage Table Data Reader of tables/Subjects",
        "analysts: Storage Table Data Reader of tables/Trainings",
        "the office: Storage Blob Data Contributor of containers/certificates",
        "the office: Storage Blob Data Contributor of containers/certificates-accepted",
        "the office: Storage Blob Data Contributor of containers/certificates-rejected",
    ];

    [Fact]
    public async Task The_app_and_its_topic_have_the_least_that_works()
        => Assert.Equal(
            Always,
            (await deployments.Least).All("Microsoft.Authorization/roleAssignments").Select(Describe).Order(StringComparer.Ordinal));

    [Fact]
    public async Task People_have_what_their_work_needs_if_their_group_is_named()
        => Assert.Equal(
            WithPeople.Concat(Always).Order(StringComparer.Ordinal),
            (await deployments.Everything).All("Microsoft.Authorization/roleAssignments").Select(Describe).Order(StringComparer.Ordinal));

    [Fact]
    public async Task What_follows_the_code_gives_no_rights()
        => Assert.Equal(["Microsoft.EventGrid/systemTopics/eventSubscriptions"], (await deployments.Events).Types);

    private static string Describe(JsonObject assignment)
    {
        var properties = assignment["properties"]!;
        var principal = properties["principalId"]!.GetValue<string>();
        var who = principal switch
        {
            _ when principal.Contains("Microsoft.ManagedIdentity/userAssignedIdentities/id-springest-", StringComparison.Ordinal) =>
                "the app",
            _ when principal.Contains("Microsoft.EventGrid/systemTopics/evgt-springest-", StringComparison.Ordinal) => "the topic",
            "00000000-0000-0000-0000-00000000000f" => "the office",
            "00000000-0000-0000-0000-00000000000a" => "analysts",
            _ => principal,
        };
        var role = Roles[properties["roleDefinitionId"]!.GetValue<string>().Split('/')[^1]];
        return $"{who}: {role} of {Scope().Match(assignment["id"]!.GetValue<string>()).Groups["scope"].Value}";
    }

    // The resource before /providers/Microsoft.Authorization, with its name where that is a container or table.
    [GeneratedRegex(@"(?<scope>containers/[a-z-]+|tables/[A-Za-z]+|storageAccounts(?=/[a-z0-9]+('|/providers))|vaults|components)")]
    private static partial Regex Scope();
}

using Springest.Functions.Certificates;
using Springest.Testing;

namespace Springest.Infra.Tests;

/// <summary>What the code uses in storage exists, and nothing else.</summary>
public sealed class StorageTests(Deployments deployments)
{
    private static readonly string Drop = new CertificatesOptions().Container;

    [Fact]
    public async Task Every_table_that_the_code_uses_is_made()
    {
        var made = (await deployments.Least).Names("Microsoft.Storage/storageAccounts/tableServices/tables").ToList();

        Assert.Empty(Registrations.Tables.Except(made).Select(table => $"storage.bicep lacks {table}"));
        Assert.Equal(Registrations.Tables.Order(), made.Order());
    }

    [Fact]
    public async Task Every_container_that_the_code_uses_is_made()
    {
        var deployment = await deployments.Least;
        // Beside those of the app: the package, named by the function app's deployment, dead letters, named in events.bicep, and the
        // host's own, made here so that the app's roles can be for them.
        string[] ofTheCode = [.. Registrations.Containers, Drop, $"{Drop}-accepted", $"{Drop}-rejected"];

        Assert.Equal(
            [.. ofTheCode.Concat(["packages", "dead-letters", "azure-webjobs-hosts", "azure-webjobs-secrets"]).Order()],
            deployment.Names("Microsoft.Storage/storageAccounts/blobServices/containers").Order());
        Assert.Contains("{0}packages", deployment.One("Microsoft.Web/sites").ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_by_age_spare_whatever_still_counts()
    {
        foreach (var deployment in new[] { await deployments.Least, await deployments.Everything })
        {
            var removing = deployment.One("Microsoft.Storage/storageAccounts/managementPolicies")["properties"]!["policy"]!["rules"]!
                .AsArray()
                .Where(rule => rule!["definition"]!["actions"]!["baseBlob"] is not null)
                .SelectMany(rule =>
                    rule!["definition"]!["filters"]!["prefixMatch"]!.AsArray().Select(prefix => prefix!.GetValue<string>()));
            string[] allowed = ["azure-webjobs-hosts/blobreceipts/", "dead-letters/"];
            // What was accepted only where the owner wants it.
            string[] certificates = deployment == await deployments.Least ? [$"{Drop}-rejected/"]
                : [$"{Drop}-accepted/", $"{Drop}-rejected/"];

            Assert.Equal([.. allowed, .. certificates], removing);
        }
    }

    [Fact]
    public async Task Certificates_can_be_brought_back()
    {
        var service = (await deployments.Least).One("Microsoft.Storage/storageAccounts/blobServices")["properties"]!;

        Assert.True(service["isVersioningEnabled"]!.GetValue<bool>());
        Assert.Equal(7, service["deleteRetentionPolicy"]!["days"]!.GetValue<int>());
        Assert.Equal(7, service["containerDeleteRetentionPolicy"]!["days"]!.GetValue<int>());
    }
}

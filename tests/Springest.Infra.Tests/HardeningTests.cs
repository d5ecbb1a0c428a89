using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Springest.Testing;

namespace Springest.Infra.Tests;

/// <summary>Doors that stay shut.</summary>
public sealed partial class HardeningTests(Deployments deployments)
{
    [Theory]
    [InlineData("Microsoft.Storage/storageAccounts", "allowSharedKeyAccess", "false")]
    [InlineData("Microsoft.Storage/storageAccounts", "allowBlobPublicAccess", "false")]
    [InlineData("Microsoft.Storage/storageAccounts", "allowCrossTenantReplication", "false")]
    [InlineData("Microsoft.Storage/storageAccounts", "allowedCopyScope", "AAD")]
    [InlineData("Microsoft.Storage/storageAccounts", "supportsHttpsTrafficOnly", "true")]
    [InlineData("Microsoft.Storage/storageAccounts", "minimumTlsVersion", "TLS1_2")]
    [InlineData("Microsoft.KeyVault/vaults", "enableRbacAuthorization", "true")]
    [InlineData("Microsoft.KeyVault/vaults", "enableSoftDelete", "true")]
    [InlineData("Microsoft.KeyVault/vaults", "enablePurgeProtection", "true")]
    [InlineData("Microsoft.Insights/components", "DisableLocalAuth", "true")]
    [InlineData("Microsoft.OperationalInsights/workspaces", "features.disableLocalAuth", "true")]
    [InlineData("Microsoft.Web/sites", "httpsOnly", "true")]
    [InlineData("Microsoft.Web/sites", "siteConfig.minTlsVersion", "1.2")]
    [InlineData("Microsoft.Web/sites", "siteConfig.ftpsState", "Disabled")]
    public async Task Secure_value_is_set(string type, string property, string value)
    {
        foreach (var deployment in new[] { await deployments.Least, await deployments.Everything })
            Assert.Equal(value, Find(deployment.One(type)["properties"]!, property).ToString());
    }

    [Fact]
    public async Task The_root_shows_no_page()
        => Assert.Equal("true", (await deployments.Least).AppSettings["AzureWebJobsDisableHomepage"]);

    [Fact]
    public void Browsers_come_by_https_only()
    {
        var hsts = JsonNode.Parse(Repository.Read("host.json"))!["extensions"]!["http"]!["hsts"]!;

        Assert.True(hsts["isEnabled"]!.GetValue<bool>());
        // Days, as the host reads a time without a colon.
        Assert.Equal(TimeSpan.FromDays(365), TimeSpan.Parse(hsts["maxAge"]!.GetValue<string>(), CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Who_reads_a_secret_is_written_down()
    {
        var audit = (await deployments.Least).One("Microsoft.Insights/diagnosticSettings");

        Assert.Contains("/vaults/kv-", audit["id"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("AuditEvent", audit["properties"]!["logs"]![0]!["category"]!.GetValue<string>());
    }

    // Those of Application Insights keep 90 days unless they say otherwise.
    [Fact]
    public async Task Every_table_of_logs_that_the_runbook_reads_keeps_thirty_days()
    {
        const string tables = "Microsoft.OperationalInsights/workspaces/tables";
        var deployment = await deployments.Least;
        var read = LogTable().Matches(Repository.Read("docs/operate.md")).Select(match => match.Value).Distinct();

        Assert.Empty(read.Except(deployment.Names(tables)));
        Assert.Equal(30, deployment.One("Microsoft.OperationalInsights/workspaces")["properties"]!["retentionInDays"]!.GetValue<int>());
        Assert.All(
            deployment.All(tables).Select(table => table["properties"]!),
            table => Assert.Equal(
                (30, 30), (table["retentionInDays"]!.GetValue<int>(), table["totalRetentionInDays"]!.GetValue<int>())));
    }

    [Fact]
    public async Task Instances_are_replaced_as_the_owner_chooses()
    {
        const string strategy = "functionAppConfig.siteUpdateStrategy.type";

        Assert.Equal("Recreate", Find((await deployments.Least).One("Microsoft.Web/sites")["properties"]!, strategy).ToString());
        Assert.Equal("RollingUpdate", Find((await deployments.Everything).One("Microsoft.Web/sites")["properties"]!, strategy).ToString());
    }

    [Fact]
    public async Task Nobody_deploys_with_a_password()
    {
        var policies = (await deployments.Least).All("Microsoft.Web/sites/basicPublishingCredentialsPolicies").ToArray();

        Assert.Equal(["ftp", "scm"], policies.Select(policy => policy["name"]!.GetValue<string>().Split('/')[^1]).Order());
        Assert.All(policies, policy => Assert.False(policy["properties"]!["allow"]!.GetValue<bool>()));
    }

    // Its traces name files, and so people. It exports if it finds either of these names.
    [Fact]
    public async Task The_host_exports_no_telemetry_and_the_app_does()
    {
        var deployment = await deployments.Everything;

        Assert.DoesNotContain(
            deployment.AppSettings.Keys,
            name => name is "APPLICATIONINSIGHTS_CONNECTION_STRING" or "OTEL_EXPORTER_OTLP_ENDPOINT");
        Assert.Contains(
            "Microsoft.Insights/components",
            deployment.AppSettings["Springest__Telemetry__ConnectionString"],
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_host_logs_no_addresses_of_blobs()
    {
        var levels = JsonNode.Parse(Repository.Read("host.json"))!["logging"]!["logLevel"]!;

        Assert.Equal(
            ("Warning", "Warning"),
            (levels["Azure"]!.GetValue<string>(), levels["Function.SubmitCertificate"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_private_network_shuts_storage_and_vault_to_the_others()
    {
        var deployment = await deployments.Everything;
        var storage = deployment.One("Microsoft.Storage/storageAccounts")["properties"]!;
        var vault = deployment.One("Microsoft.KeyVault/vaults")["properties"]!;

        Assert.Equal("Deny", storage["networkAcls"]!["defaultAction"]!.GetValue<string>());
        Assert.Equal(["203.0.113.7"], storage["networkAcls"]!["ipRules"]!.AsArray().Select(rule => rule!["value"]!.GetValue<string>()));
        Assert.Equal("Disabled", vault["publicNetworkAccess"]!.GetValue<string>());
        Assert.EndsWith(
            "/subnets/app",
            deployment.One("Microsoft.Web/sites")["properties"]!["virtualNetworkSubnetId"]!.GetValue<string>(),
            StringComparison.Ordinal);
        Assert.Equal(
            ["blob", "queue", "table", "vault"],
            deployment
                .All("Microsoft.Network/privateEndpoints")
                .Select(endpoint =>
                    endpoint["properties"]!["privateLinkServiceConnections"]![0]!["properties"]!["groupIds"]![0]!.GetValue<string>())
                .Order());
        Assert.DoesNotContain((await deployments.Least).Types, type => type.StartsWith("Microsoft.Network/", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\bApp[A-Z]\w+")]
    private static partial Regex LogTable();

    private static JsonNode Find(JsonNode node, string path) => path.Split('.').Aggregate(node, (inner, name) => inner[name]!);
}

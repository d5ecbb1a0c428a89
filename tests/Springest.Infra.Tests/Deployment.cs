using System.Text.Json.Nodes;
using Springest.Testing;

[assembly: AssemblyFixture(typeof(Springest.Infra.Tests.Deployments))]

namespace Springest.Infra.Tests;

/// <summary>What a deployment would make, evaluated without Azure.</summary>
public sealed class Deployment(JsonArray resources, JsonObject outputs)
{
    public JsonObject Outputs { get; } = outputs;

    public IEnumerable<JsonObject> All(string type)
        => resources.Select(each => each!.AsObject()).Where(each => each["type"]!.GetValue<string>() == type);

    public JsonObject One(string type) => Assert.Single(All(type));

    public IEnumerable<string> Types => resources.Select(each => each!["type"]!.GetValue<string>()).Distinct();

    /// <summary>The last parts of the names of the resources of a type.</summary>
    public IEnumerable<string> Names(string type) => All(type).Select(each => each["name"]!.GetValue<string>().Split('/')[^1]);

    public Dictionary<string, string> AppSettings
        => One("Microsoft.Web/sites/config")["properties"]!
            .AsObject()
            .ToDictionary(setting => setting.Key, setting => setting.Value!.GetValue<string>());

    public string Text => resources.ToJsonString();
}

/// <summary>The templates and deployments that the tests look at, each compiled or evaluated once.</summary>
public sealed class Deployments
{
    private const string Subscription = "11111111-1111-1111-1111-111111111111";

    private const string Site = "{ name: 'nl' }";

    private const string Needed = $"""
        param environmentName = 'test'
        param location = 'westeurope'
        param sites = [{Site}]
        param alertEmails = ['person@example.org']

        """;

    private readonly Lazy<Task<Deployment>> _least = new(() => EvaluateAsync("least", ""));

    private readonly Lazy<Task<Deployment>> _everything = new(() => EvaluateAsync("everything", "main.bicep", """
        param environmentName = 'test'
        param location = 'westeurope'
        param sites = [
          { name: 'nl', certificationsKey: true, settings: { CertificatesPath: '/users/certificates', Retries: 5 } }
          { name: 'acme', host: 'https://acme.springest.com' }
        ]
        param alertEmails = ['person@example.org', 'another@example.org']
        param settings = { Springest__Quota__Limit: '2000', Springest__Webhooks__MaxBodyBytes: '262144' }
        param officeGroupId = '00000000-0000-0000-0000-00000000000f'
        param analystGroupId = '00000000-0000-0000-0000-00000000000a'
        param alwaysReadyInstances = 1
        param keepAcceptedDays = 700
        param officeEmails = ['office@example.org', 'front@example.org']
        param monthlyBudget = 50
        param siteUpdateStrategy = 'RollingUpdate'
        param instanceMemory = 512
        param maximumInstances = 100
        param storageRedundancy = 'Standard_LRS'
        param keepRejectedDays = 90
        param budgetStart = '2026-03-01'
        param network = { kind: 'private', openTo: ['203.0.113.7'] }
        """, "--location", "westeurope"));

    private readonly Lazy<Task<Deployment>> _events = new(() => EvaluateAsync("events", "events.bicep", """
        param appName = 'func-test'
        param storageName = 'sttest'
        param topicName = 'evgt-test'
        """, "--resource-group", "rg-test"));

    private readonly Lazy<Task<(int ExitCode, string Output, string Errors)>> _main = new(
        () => BicepCli.RunAsync(["build", "infra/main.bicep", "--stdout"]));

    /// <summary>What the compiler makes of main.bicep.</summary>
    public Task<(int ExitCode, string Output, string Errors)> Main => _main.Value;

    /// <summary>Only what must be said.</summary>
    public Task<Deployment> Least => _least.Value;

    /// <summary>Every parameter used.</summary>
    public Task<Deployment> Everything => _everything.Value;

    /// <summary>What follows the deployment of the code.</summary>
    public Task<Deployment> Events => _events.Value;

    /// <summary>Why main.bicep refuses some parameters, beside those that it needs, or a site.</summary>
    public static async Task<string> RefuseAsync(string name, string parameters, string site = Site)
    {
        var needed = Needed.Replace(Site, site, StringComparison.Ordinal);
        var (_, exitCode, errors) = await SnapshotAsync(name, "main.bicep", needed + parameters, "--location", "westeurope");
        Assert.NotEqual(0, exitCode);
        return errors;
    }

    /// <summary>What main.bicep makes of some parameters, beside those that it needs.</summary>
    public static Task<Deployment> EvaluateAsync(string name, string parameters)
        => EvaluateAsync(name, "main.bicep", Needed + parameters, "--location", "westeurope");

    private static async Task<Deployment> EvaluateAsync(string name, string template, string parameters, params string[] place)
    {
        var (file, exitCode, errors) = await SnapshotAsync(name, template, parameters, place);
        Assert.True(exitCode == 0, errors);
        var snapshot = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        Assert.Empty(snapshot["diagnostics"]!.AsArray());
        return new Deployment(snapshot["predictedResources"]!.AsArray(), snapshot["outputs"]?.AsObject() ?? []);
    }

    private static async Task<(string File, int ExitCode, string Errors)> SnapshotAsync(
        string name, string template, string parameters, params string[] place)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "deployments")).FullName;
        var file = Path.Combine(folder, $"{name}.bicepparam");
        var path = Path.GetRelativePath(folder, Repository.PathOf($"infra/{template}")).Replace('\\', '/');
        await File.WriteAllTextAsync(file, $"using '{path}'\n{parameters}\n");
        var (exitCode, _, errors) = await BicepCli.RunAsync([
            "snapshot",
            file,
            "--mode",
            "overwrite",
            "--subscription-id",
            Subscription,
            "--tenant-id",
            Subscription,
            "--deployment-name",
            "test",
            .. place,
        ]);
        return (Path.Combine(folder, $"{name}.snapshot.json"), exitCode, errors);
    }
}

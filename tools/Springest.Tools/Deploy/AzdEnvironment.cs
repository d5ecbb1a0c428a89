using System.Text.Json;

namespace Springest.Tools.Deploy;

/// <summary>What azd knows of the deployment: handed to its hooks, and asked for where there is no hook.</summary>
internal sealed class AzdEnvironment(Func<string, string?> find)
{
    private const string OutputOfProvisioning = "SPRINGEST_APP_NAME";

    public string Subscription => Get("AZURE_SUBSCRIPTION_ID");

    public string ResourceGroup => Get("AZURE_RESOURCE_GROUP");

    public string AppName => Get(OutputOfProvisioning);

    public Uri AppUrl => new(Get("SPRINGEST_APP_URL"));

    public string StorageAccount => Get("SPRINGEST_STORAGE_ACCOUNT");

    public string EventTopic => Get("SPRINGEST_EVENT_TOPIC");

    public string KeyVault => Get("SPRINGEST_KEY_VAULT");

    /// <summary>Names of the secrets that the app's settings refer to.</summary>
    public IReadOnlyList<string> Secrets => Get("SPRINGEST_SECRETS").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public string IdOf(string resource) => $"/subscriptions/{Subscription}/resourceGroups/{ResourceGroup}/providers/{resource}";

    public static async Task<AzdEnvironment> ReadAsync()
    {
        if (Environment.GetEnvironmentVariable(OutputOfProvisioning) is not null)
            return new AzdEnvironment(Environment.GetEnvironmentVariable);
        var result =
            await CommandLine.TryRunAsync("azd", ["env", "get-values", "--output", "json"])
            ?? throw new UserErrorException(
                "The Azure Developer CLI is needed for this, and `azd` is not on the PATH. Get it from https://aka.ms/install-azd.");
        if (result.ExitCode != 0)
            throw new UserErrorException(
                $"azd has no environment here. Choose one by `azd env select`, or make one by `azd up`. It said:\n{result.Errors.Trim()}");
        var values = JsonSerializer.Deserialize<Dictionary<string, string>>(result.Output)!;
        return new AzdEnvironment(name => values.GetValueOrDefault(name));
    }

    private string Get(string name) => find(name) is { Length: > 0 } value
        ? value
        : throw new UserErrorException($"The environment of azd has no {name}. It is there after `azd provision`.");
}

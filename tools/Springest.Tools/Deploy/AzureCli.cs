using System.Text.Json.Nodes;

namespace Springest.Tools.Deploy;

/// <summary>Azure, by its command line <c>az</c> and the login that it keeps.</summary>
internal static class AzureCli
{
    private const string Get = "Get it from https://learn.microsoft.com/cli/azure/install-azure-cli, then log in by `az login`.";

    /// <summary>A request to Azure Resource Manager. The body goes in by standard input and so stays off the command line.</summary>
    public static async Task<JsonNode?> RequestAsync(string method, string path, JsonNode? body = null)
    {
        string[] arguments = ["rest", "--method", method, "--url", path, "--only-show-errors"];
        var said = await RunAsync(body is null ? arguments : [.. arguments, "--body", "@-"], body?.ToJsonString());
        return said.Length == 0 ? null : JsonNode.Parse(said);
    }

    /// <summary>Runs a command and gives what it said.</summary>
    /// <exception cref="UserErrorException">There is no <c>az</c>.</exception>
    /// <exception cref="RefusedException">It failed.</exception>
    public static async Task<string> RunAsync(IEnumerable<string> arguments, string? input = null)
    {
        var result =
            await CommandLine.TryRunAsync("az", arguments, input)
            ?? throw new UserErrorException($"The Azure CLI is needed for this, and `az` is not on the PATH. {Get}");
        return result.ExitCode == 0
            ? result.Output.Trim()
            : throw new RefusedException($"Azure refused `az {string.Join(' ', arguments.Take(2))}`. It said:\n{result.Errors.Trim()}");
    }

    /// <summary>Azure said no, which may be another answer a minute later.</summary>
    public sealed class RefusedException(string message) : UserErrorException(message)
    {
        /// <summary>Whether it is about the person who asks, or about what is asked for.</summary>
        public bool IsForGood => Array.Exists(
            (string[])["AuthorizationFailed", "SubscriptionNotFound", "InvalidTemplate"],
            code => Message.Contains(code, StringComparison.Ordinal));
    }
}

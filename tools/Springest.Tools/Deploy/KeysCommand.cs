using System.Text.Json.Nodes;

namespace Springest.Tools.Deploy;

/// <summary>
/// Brings the keys of Springest into the key vault. What is typed goes to Azure by the standard input of its command line: not over a
/// command line, into a file or an environment variable. The vault is written as a deployment writes it, so that nobody needs rights to
/// read it.
/// </summary>
internal sealed class KeysCommand(AzdEnvironment environment, TextReader input)
{
    public const string Usage = """
        dotnet dev.cs keys [NAME]

          NAME  a secret of the deployed app, which gets another value; without it, every secret that is missing is asked for
        """;

    private string References
        => $"{environment.IdOf($"Microsoft.Web/sites/{environment.AppName}")}/config/configreferences/appsettings";

    private string Vault => environment.IdOf($"Microsoft.KeyVault/vaults/{environment.KeyVault}");

    /// <summary>Asks for what is missing.</summary>
    public async Task<int> AskMissingAsync(CancellationToken cancellationToken)
    {
        var there = await AzureCli.RequestAsync("get", $"{Vault}/secrets?api-version=2024-11-01");
        var names = there!["value"]!
            .AsArray()
            .Select(secret => secret!["name"]!.GetValue<string>())
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var missing = environment.Secrets.Where(name => !names.Contains(name)).ToList();
        foreach (var name in missing)
            await PutAsync(name, cancellationToken);
        Console.WriteLine(
            missing.Count == 0 ? $"{environment.KeyVault} holds every secret that the app needs." : "All secrets are in the vault.");
        // An earlier run may have ended between writing the last secret and the refresh.
        return missing.Count == 0 && await IsResolvedAsync() ? 0 : await RefreshAsync();
    }

    /// <summary>Puts another value in the place of one that is there.</summary>
    public async Task<int> ReplaceAsync(string name, CancellationToken cancellationToken)
    {
        if (!environment.Secrets.Contains(name))
            throw new UserErrorException($"The app has no secret '{name}'. It has: {string.Join(", ", environment.Secrets)}.");
        await PutAsync(name, cancellationToken);
        return await RefreshAsync();
    }

    private async Task PutAsync(string name, CancellationToken cancellationToken)
    {
        var value = await AskAsync(name, cancellationToken);
        await AzureCli.RequestAsync(
            "put",
            $"{Vault}/secrets/{name}?api-version=2024-11-01",
            new JsonObject { ["properties"] = new JsonObject { ["value"] = value } });
        Console.WriteLine($"{name} is in {environment.KeyVault}.");
    }

    /// <summary>Whether the app has the value of every secret that its settings refer to.</summary>
    private async Task<bool> IsResolvedAsync()
    {
        var references = await AzureCli.RequestAsync("get", $"{References}?api-version=2022-03-01");
        return references!["value"]!.AsArray().All(reference => $"{reference!["properties"]!["status"]}" == "Resolved");
    }

    // The app would look for new values within a day by itself.
    private async Task<int> RefreshAsync()
    {
        await AzureCli.RequestAsync("post", $"{References}/refresh?api-version=2022-03-01");
        Console.WriteLine("The app is told to read its secrets again.");
        return 0;
    }

    private async Task<string> AskAsync(string name, CancellationToken cancellationToken)
        => await Typed.AskAsync(name, input, cancellationToken) switch
        {
            null => throw new UserErrorException(
                $"The key vault {environment.KeyVault} lacks {name}, and there is nobody to ask. Run `dotnet dev.cs keys` at a "
                    + "terminal, or write the key to its standard input."),
            { Length: 0 } => throw new UserErrorException($"{name} was left empty. Run `dotnet dev.cs keys` again when you have the key."),
            { } value when value.Any(character => char.IsWhiteSpace(character) || char.IsControl(character)) =>
                throw new UserErrorException($"{name} has a space or a control character in it; a key has none."),
            { } value => value,
        };
}

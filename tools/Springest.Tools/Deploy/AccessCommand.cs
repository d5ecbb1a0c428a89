using Azure;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Springest.Functions.Access;

namespace Springest.Tools.Deploy;

/// <summary>
/// Gives people and programs access to the app, and takes it back. What is kept is the hash of a key; the key itself is shown once, on
/// standard output alone.
/// </summary>
internal sealed class AccessCommand(IAccessKeyFile file, TextWriter output, TextWriter words)
{
    public const string Usage = """
        dotnet dev.cs access add NAME --role reader|viewer|operator [--settings FILE]
        dotnet dev.cs access list [--settings FILE]
        dotnet dev.cs access remove NAME [--settings FILE]

          NAME             whose key it is: lowercase letters, digits, and . - _ between them
          --role           reader: programs that read the mirror; viewer: people who look; operator: people who decide
          --settings FILE  of an app on this machine, such as local.settings.json; without it, of the deployed app, by its key vault

          A deployed app knows a new key, and forgets a removed one, within five minutes; one on this machine when it starts.
        """;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var isLocal = arguments is [.., "--settings", _];
        // First: a wrong order is told on a machine without azd too.
        var order = Parse(isLocal ? [.. arguments.SkipLast(2)] : [.. arguments]);
        IAccessKeyFile file = isLocal
            ? new SettingsKeyFile(Path.GetFullPath(arguments[^1]))
            : new VaultKeyFile(new SecretClient(
                new Uri($"https://{(await AzdEnvironment.ReadAsync()).KeyVault}.vault.azure.net"), new DefaultAzureCredential()));
        return await order(new AccessCommand(file, Console.Out, Console.Error));
    }

    public Task<int> RunAsync(ReadOnlySpan<string> arguments) => Parse(arguments)(this);

    private static Func<AccessCommand, Task<int>> Parse(ReadOnlySpan<string> arguments) => arguments switch
    {
        ["add", var name, "--role", var role] => command => command.AddAsync(name, role),
        ["list"] => command => command.ListAsync(),
        ["remove", var name] => command => command.RemoveAsync(name),
        _ => throw new UserErrorException(Usage),
    };

    private async Task<int> AddAsync(string name, string word)
    {
        if (!AccessKey.IsName(name))
            throw new UserErrorException(
                $"'{name}' cannot be the name of a key: it must have 1 to 40 lowercase letters, digits, and . - _ between them.");
        if (!AccessKey.TryParseRole(word, out var role))
            throw new UserErrorException($"'{word}' is not a role. There are: reader, viewer, operator.");
        var keys = await ReadAsync();
        if (keys.Any(key => key.Name == name))
            throw new UserErrorException($"There is a key '{name}' already. Remove it first, or choose another name, such as {name}-2.");
        var (key, value) = AccessKey.Make(name, role);
        await file.WriteAsync(AccessKey.Format([.. keys, key]));
        words.WriteLine($"The key of {name}, {word}. It is shown this once, and kept nowhere:");
        output.WriteLine(value);
        return 0;
    }

    private async Task<int> ListAsync()
    {
        foreach (var key in await ReadAsync())
            output.WriteLine($"{key.Name}  {key.Role.ToString().ToLowerInvariant()}");
        return 0;
    }

    private async Task<int> RemoveAsync(string name)
    {
        var keys = await ReadAsync();
        if (keys.All(key => key.Name != name))
            throw new UserErrorException($"There is no key '{name}'. `dotnet dev.cs access list` shows them.");
        await file.WriteAsync(AccessKey.Format(keys.Where(key => key.Name != name)));
        words.WriteLine($"{name} has no access any more.");
        return 0;
    }

    private async Task<IReadOnlyList<AccessKey>> ReadAsync()
        => AccessKey.TryParse(await file.ReadAsync(), out var keys, out var fault)
            ? keys
            : throw new UserErrorException($"The keys cannot be read: {fault}");
}

/// <summary>Where the hashes of keys are.</summary>
internal interface IAccessKeyFile
{
    Task<string> ReadAsync();

    Task WriteAsync(string keys);
}

/// <summary>The vault of a deployed app, as who is logged in.</summary>
internal sealed class VaultKeyFile(SecretClient vault) : IAccessKeyFile
{
    public Task<string> ReadAsync() => AskAsync(async () =>
    {
        try
        {
            return (await vault.GetSecretAsync(AccessKey.Secret)).Value.Value;
        }
        catch (RequestFailedException none) when (none.Status == 404)
        {
            return "";
        }
    });

    // A secret must not be empty.
    public Task WriteAsync(string keys)
        => AskAsync(async () => (await vault.SetSecretAsync(AccessKey.Secret, keys is "" ? ";" : keys)).Value.Id);

    private async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (RequestFailedException refused) when (refused.Status == 403 && !IsFromElsewhere(refused))
        {
            throw new UserErrorException(
                $"You may not read and write secrets of {vault.VaultUri.Host}. Whoever gives access needs the role Key Vault Secrets "
                + "Officer there: docs/deploy.md.");
        }
        catch (Exception failed) when (AzureFailure.Explain(failed) is { } reason)
        {
            throw new UserErrorException(
                $"The key vault {vault.VaultUri.Host} cannot be used. {reason}\nIn a private network "
                + "the vault has no public address: run the command on a machine that reaches its private endpoint.");
        }
    }

    // Whoever asks over the public address of a vault in a private network is refused too. The body of the answer is in the message.
    private static bool IsFromElsewhere(RequestFailedException refused)
        => refused.Message.Contains("ForbiddenByConnection", StringComparison.Ordinal)
            || refused.Message.Contains("ForbiddenByFirewall", StringComparison.Ordinal);
}

using System.Security.Cryptography;
using Azure;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Springest.Functions.Access;

/// <summary>
/// The keys that open the app: out of the vault, read again every five minutes, and so without a restart; while the vault does not answer,
/// those that it had last, for a day.
/// </summary>
public sealed partial class AccessKeys(IOptions<AccessOptions> options, SecretClient? vault, TimeProvider time, ILogger<AccessKeys> logger)
    : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LastKnown = TimeSpan.FromHours(24);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _reading = new(1);
    private volatile Known _known = vault is null && options.Value.Keys.Length > 0
        ? new(Parse(options.Value.Keys), Until: DateTimeOffset.MaxValue, Next: DateTimeOffset.MaxValue, IsRead: true)
        : new(null, Until: DateTimeOffset.MaxValue, Next: DateTimeOffset.MinValue, IsRead: false);

    /// <summary>The keys; null if there are none that can be relied upon, so that nobody can be told from anybody.</summary>
    public async ValueTask<IReadOnlyList<AccessKey>?> ReadAsync(CancellationToken cancellationToken)
    {
        if (vault is null || time.GetUtcNow() < _known.Next)
            return Reliable();
        // One asks; the others wait for what it learns, so that a key that was removed opens nothing more.
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (time.GetUtcNow() >= _known.Next)
                await AskAsync(vault);
        }
        finally
        {
            _reading.Release();
        }

        return Reliable();
    }

    /// <summary>Why the keys could not be read the last time; null if they could.</summary>
    public async ValueTask<string?> FindFaultAsync(CancellationToken cancellationToken)
    {
        var keys = await ReadAsync(cancellationToken);
        return _known.IsRead && keys is not null ? null
            : keys is null ? "Access keys cannot be read from the key vault, so that nobody is let in. The log says more."
            : "Access keys cannot be read from the key vault. Those known last open the app for a day. The log says more.";
    }

    /// <summary>Whose a key is. Takes as long for one that nobody has as for any other.</summary>
    public static AccessKey? Find(IReadOnlyList<AccessKey> keys, string value)
    {
        var hash = AccessKey.HashOf(value);
        AccessKey? found = null;
        foreach (var key in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, key.Hash.Span))
                found = key;
        }

        return found;
    }

    public void Dispose() => _reading.Dispose();

    /// <summary>The vault of a deployed app; null on a developer's machine.</summary>
    internal static SecretClient? Open(AccessOptions options)
        => options.Vault.Length == 0 ? null : new SecretClient(new Uri(options.Vault), new DefaultAzureCredential(), new SecretClientOptions
        {
            Retry = { MaxRetries = 1, NetworkTimeout = TimeSpan.FromSeconds(2) },
        });

    private IReadOnlyList<AccessKey>? Reliable() => _known is { } known && time.GetUtcNow() < known.Until ? known.Keys : null;

    private async Task AskAsync(SecretClient from)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            var keys = Parse((await from.GetSecretAsync(AccessKey.Secret, cancellationToken: patience.Token)).Value.Value);
            if (_known.Keys is null)
                Log.Read(logger, keys.Count);
            Know(keys);
        }
        // A vault that answers, and has none: nobody has been given access yet.
        catch (RequestFailedException none) when (none.Status == 404)
        {
            Know([]);
        }
        catch (Exception exception)
        {
            _known = _known with { Next = time.GetUtcNow() + Pause, IsRead = false };
            Log.NotRead(logger, exception);
        }

        void Know(IReadOnlyList<AccessKey> keys)
            => _known = new(keys, time.GetUtcNow() + LastKnown, time.GetUtcNow() + Fresh, IsRead: true);
    }

    private static IReadOnlyList<AccessKey> Parse(string text)
        => AccessKey.TryParse(text, out var keys, out var fault)
            ? keys
            : throw new InvalidOperationException($"The secret {AccessKey.Secret} cannot be read: {fault}");

    /// <param name="Keys">The keys; null if they were never read.</param>
    /// <param name="Until">How long they can be relied upon.</param>
    /// <param name="Next">When to read them again.</param>
    /// <param name="IsRead">Whether they could be read the last time.</param>
    private sealed record Known(IReadOnlyList<AccessKey>? Keys, DateTimeOffset Until, DateTimeOffset Next, bool IsRead);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Access keys are read from the key vault: {Count}")]
        public static partial void Read(ILogger logger, int count);

        [LoggerMessage(LogLevel.Error, "Access keys could not be read from the key vault; those known last are used for a day")]
        public static partial void NotRead(ILogger logger, Exception exception);
    }
}

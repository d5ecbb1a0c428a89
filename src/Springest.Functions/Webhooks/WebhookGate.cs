using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Springest.Functions.Webhooks;

/// <summary>
/// Who may post webhooks. Springest signs nothing, so beyond the function key there can be a secret in the path, of which two
/// hold at once while it is being changed, and a list of addresses.
/// </summary>
public sealed class WebhookGate(IOptions<WebhookOptions> options)
{
    private readonly AddressList _addresses = new(options.Value.AllowedAddresses);
    private readonly int _proxies = options.Value.TrustedProxies;
    private readonly List<byte[]> _secrets =
        [.. new[] { options.Value.Secret, options.Value.OtherSecret }.OfType<string>().Where(secret => secret.Length > 0).Select(Hash)];

    /// <exception cref="WebhookRefusedException">The sender is not let in.</exception>
    public void Check(string? secret, HttpHeaders headers)
    {
        if (!_addresses.IsEmpty && !(Sender(headers) is { } sender && _addresses.Contains(sender)))
            throw new WebhookRefusedException(HttpStatusCode.Forbidden, "Webhooks are not taken from this address.");
        var given = Hash(secret ?? "");
        // Compared in constant time, so that the time of the answer tells nothing.
        if (_secrets.Count > 0 && !_secrets.Exists(known => CryptographicOperations.FixedTimeEquals(known, given)))
            throw new WebhookRefusedException(HttpStatusCode.Unauthorized, "The secret in the path is missing or wrong.");
    }

    // Each proxy adds whom it was called by; what stands before the entries of our own proxies is only said by the sender.
    private IPAddress? Sender(HttpHeaders headers)
    {
        var path = headers.NonValidated.TryGetValues("X-Forwarded-For", out var values)
            ? string.Join(',', values).Split(',', StringSplitOptions.TrimEntries)
            : [];
        return path.Length >= _proxies && IPEndPoint.TryParse(path[^_proxies], out var sender) ? sender.Address : null;
    }

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

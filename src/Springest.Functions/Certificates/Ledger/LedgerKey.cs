using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Ledger;

/// <summary>
/// The secret by which people, bookings and file names become keys of rows: nobody without it can tell from a key whom it is about, or try
/// addresses out.
/// </summary>
public sealed class LedgerKey(byte[] secret)
{
    /// <summary>Tells whether a secret is this one, and nothing else.</summary>
    public string Check { get; } = Hash(secret, "check");

    public string Person(string email) => Hash(secret, $"person\n{NormalizedText.Of(email.Trim().ToLowerInvariant())}");

    public string Booking(long booking) => Hash(secret, string.Create(CultureInfo.InvariantCulture, $"booking\n{booking}"));

    /// <summary>Of a blob's whole name, or of what it is called in its folder.</summary>
    public string File(string name) => Hash(secret, $"file\n{NormalizedText.Of(name)}");

    /// <summary>What a certificate is the same by.</summary>
    /// <param name="person">See <see cref="Person"/>.</param>
    public string Identity(string person, long certification, string validFrom)
        => Hash(secret, string.Create(CultureInfo.InvariantCulture, $"identity\n{person}\n{certification}\n{validFrom}"));

    /// <summary>A line of a list, by the name of its file and one thing that it says: the person or the first day.</summary>
    public string Line(string file, string said) => Hash(secret, $"line\n{NormalizedText.Of(file)}\n{said}");

    /// <summary>Of what a line of a list says, which names a person.</summary>
    public string Content(string text) => Hash(secret, $"content\n{text}");

    private static string Hash(byte[] secret, string text)
        => Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}

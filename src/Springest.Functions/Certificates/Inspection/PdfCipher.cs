using System.Security.Cryptography;

namespace Springest.Functions.Certificates.Inspection;

/// <summary>What the streams of an encrypted PDF are decrypted with (ISO 32000-2, 7.6.3).</summary>
/// <param name="key">The file's key.</param>
/// <param name="method">The method, by the standard's name.</param>
internal sealed class PdfCipher(byte[] key, string method)
{
    public const string None = "/None";
    public const string RC4 = "/V2";
    public const string Aes128 = "/AESV2";
    public const string Aes256 = "/AESV3";

    private const int BlockSize = 16;

    public bool IsSameAs(PdfCipher other) => method == other.Method && key.AsSpan().SequenceEqual(other.Key);

    private string Method => method;

    private byte[] Key => key;

    /// <summary>The bytes of an object's stream.</summary>
    /// <param name="number">The object's number.</param>
    /// <param name="generation">Its generation.</param>
    /// <param name="data">What is in the file, which may have more behind the stream.</param>
    /// <returns>Null if there can be no such stream.</returns>
    public byte[]? Decrypt(int number, int generation, ReadOnlySpan<byte> data)
    {
        if (method == None)
            return data.ToArray();
        if (method == RC4)
            return Code(KeyOf(number, generation), data, 0);
        var length = data.Length - (data.Length % BlockSize);
        if (length < 2 * BlockSize)
            return null;
        using var aes = Aes.Create();
        aes.Key = method == Aes256 ? key : KeyOf(number, generation);
        return aes.DecryptCbc(data[BlockSize..length], data[..BlockSize], PaddingMode.None);
    }

    // What PDF says, and of no use for anything else.
#pragma warning disable CA5351
    public static byte[] Md5(ReadOnlySpan<byte> data) => MD5.HashData(data);
#pragma warning restore CA5351

    /// <summary>RC4, each byte of its key changed by a mask.</summary>
    public static byte[] Code(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, byte mask)
    {
        Span<byte> box = stackalloc byte[256];
        for (var i = 0; i < 256; i++)
            box[i] = (byte)i;
        for (int i = 0, j = 0; i < 256; i++)
        {
            j = (j + box[i] + (key[i % key.Length] ^ mask)) & 255;
            (box[i], box[j]) = (box[j], box[i]);
        }

        var coded = new byte[data.Length];
        for (int n = 0, i = 0, j = 0; n < data.Length; n++)
        {
            i = (i + 1) & 255;
            j = (j + box[i]) & 255;
            (box[i], box[j]) = (box[j], box[i]);
            coded[n] = (byte)(data[n] ^ box[(box[i] + box[j]) & 255]);
        }

        return coded;
    }

    private byte[] KeyOf(int number, int generation)
    {
        byte[] salt = method == Aes128 ? [.. "sAlT"u8] : [];
        var hash = Md5(
            [
                .. key, (byte)number, (byte)(number >> 8), (byte)(number >> 16), (byte)generation, (byte)(generation >> 8), .. salt,
            ]);
        return hash[..Math.Min(key.Length + 5, hash.Length)];
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Springest.Functions.Certificates.Inspection;

/// <summary>
/// Tells whether an encrypted PDF opens without a password: as the standard's own handler checks the empty one (ISO 32000-2, 7.6.4). What
/// is encrypted by other means opens for nobody without more.
/// </summary>
internal sealed class PdfEncryption
{
    // An object with the passwords' hashes, and a trailer, are much smaller.
    private const int MostBytes = 8192;
    private const int MostDictionaries = 8;

    private static readonly byte[] s_padding
        = Convert.FromHexString("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A");

    private readonly byte[] _bytes = new byte[MostBytes];
    private readonly List<byte[]> _handlers = [];
    private int _length;
    private bool _isHandler, _isTrailer, _hasId;
    private byte[]? _trailer;

    /// <summary>Whether something says that it is encrypted.</summary>
    public bool IsEncrypted { get; private set; }

    public bool OpensWithoutPassword => _handlers.Exists(Opens);

    /// <summary>Takes a byte of an object.</summary>
    public void Read(byte each)
    {
        if (_length < MostBytes)
            _bytes[_length] = each;
        _length++;
    }

    /// <summary>Takes a token of it, and the one before.</summary>
    public void Take(PdfToken before, PdfToken token)
    {
        if (token == PdfToken.Trailer)
            EndObject();
        IsEncrypted |= before == PdfToken.Encrypt && token is PdfToken.Number or PdfToken.Opening;
        _isHandler |= token == PdfToken.Handler;
        _isTrailer |= token is PdfToken.Trailer or PdfToken.CrossReferenceStream;
        _hasId |= token == PdfToken.FileId;
        // A trailer ends where it is said where the table is, and not with what programs put behind the end of the file.
        if (token is PdfToken.EndOfObject or PdfToken.StartOfCrossReference)
            EndObject();
    }

    /// <summary>Says that what follows is another object.</summary>
    public void EndObject()
    {
        if (_isHandler && _length <= MostBytes && _handlers.Count < MostDictionaries)
            _handlers.Add(_bytes[.._length]);
        if (_isTrailer && _hasId && _length <= MostBytes)
            _trailer ??= _bytes[.._length];
        (_length, _isHandler, _isTrailer, _hasId) = (0, false, false, false);
    }

    private bool Opens(byte[] handler)
    {
        var (r, v) = (NumberOf(handler, "/R"), NumberOf(handler, "/V"));
        if (TextOf(handler, "/U") is not { } user || TextOf(handler, "/O") is not { } owner)
            return false;
        if (r is 5 or 6)
            return user.Length >= 48 && Hash(r.Value, user.AsSpan(32, 8)).AsSpan().SequenceEqual(user.AsSpan(0, 32));
        if (r is not (2 or 3 or 4) || owner.Length < 32 || user.Length < 16 || NumberOf(handler, "/P") is not { } permissions)
            return false;
        var id = _trailer is null ? [] : TextOf(_trailer, "/ID") ?? [];
        var isClear = ValueOf(handler, "/EncryptMetadata") is var at and >= 0 && handler.AsSpan(at).StartsWith("false"u8);
        byte[] metadata = r == 4 && isClear ? [255, 255, 255, 255] : [];
        var bits = v == 4 ? 128 : r == 2 ? 40 : NumberOf(handler, "/Length") ?? 40;
        var size = (int)Math.Clamp(bits / 8, 5, 16);
        var key = Md5([.. s_padding, .. owner.AsSpan(0, 32), .. BitConverter.GetBytes((int)permissions), .. id, .. metadata]);
        if (r == 2)
            return Rc4(key.AsSpan(0, size), s_padding, 0).AsSpan().SequenceEqual(user.AsSpan(0, Math.Min(32, user.Length)));
        for (var i = 0; i < 50; i++)
            key = Md5(key.AsSpan(0, size));
        var check = Md5([.. s_padding, .. id]);
        for (var i = 0; i < 20; i++)
            check = Rc4(key.AsSpan(0, size), check, (byte)i);
        return check.AsSpan().SequenceEqual(user.AsSpan(0, 16));
    }

    /// <summary>The hash of the empty password; that of revision 6 is made to take its time.</summary>
    private static byte[] Hash(long revision, ReadOnlySpan<byte> salt)
    {
        var hash = SHA256.HashData(salt);
        if (revision == 5)
            return hash;
        using var aes = Aes.Create();
        byte last = 0;
        for (var round = 0; round < 64 || last > round - 32; round++)
        {
            aes.Key = hash[..16];
            var block = new byte[64 * hash.Length];
            for (var i = 0; i < 64; i++)
                hash.CopyTo(block.AsSpan(i * hash.Length));
            var coded = aes.EncryptCbc(block, hash.AsSpan(16, 16), PaddingMode.None);
            var rest = 0;
            foreach (var each in coded.AsSpan(0, 16))
                rest += each;
            hash = (rest % 3) switch { 0 => SHA256.HashData(coded), 1 => SHA384.HashData(coded), _ => SHA512.HashData(coded) };
            last = coded[^1];
        }

        return hash[..32];
    }

    // What PDF says, and of no use for anything else.
#pragma warning disable CA5351
    private static byte[] Md5(ReadOnlySpan<byte> data) => MD5.HashData(data);
#pragma warning restore CA5351

    private static byte[] Rc4(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, byte mask)
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

    private static long? NumberOf(ReadOnlySpan<byte> dictionary, string key)
    {
        if (ValueOf(dictionary, key) is not (var at and >= 0))
            return null;
        var text = Encoding.Latin1.GetString(dictionary[at..Math.Min(dictionary.Length, at + 12)]);
        var end = text.AsSpan(1).IndexOfAnyExceptInRange('0', '9');
        var digits = end < 0 ? text : text.AsSpan(0, end + 1);
        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>The text behind a key, or the first one of the array there.</summary>
    private static byte[]? TextOf(ReadOnlySpan<byte> dictionary, string key)
    {
        var at = ValueOf(dictionary, key);
        while (at >= 0 && at < dictionary.Length && dictionary[at] is (byte)'[' or <= 32)
            at++;
        return at < 0 || at >= dictionary.Length ? null
            : dictionary[at] == '<' ? Hexadecimal(dictionary[(at + 1)..])
            : dictionary[at] == '(' ? Literal(dictionary[(at + 1)..])
            : null;
    }

    /// <summary>Where the value of a key begins; -1 if there is none. The key is looked for outside of texts.</summary>
    private static int ValueOf(ReadOnlySpan<byte> dictionary, string key)
    {
        var depth = 0;
        for (var i = 0; i < dictionary.Length; i++)
        {
            var each = dictionary[i];
            if (depth > 0 && each == '\\')
                i++;
            else if (each == '(')
                depth++;
            else if (each == ')' && depth > 0)
                depth--;
            else if (depth == 0 && each == '/' && Matches(dictionary[i..], key))
            {
                i += key.Length;
                while (i < dictionary.Length && dictionary[i] <= 32)
                    i++;
                return i < dictionary.Length ? i : -1;
            }
        }

        return -1;
    }

    private static bool Matches(ReadOnlySpan<byte> text, string key)
    {
        if (text.Length <= key.Length || char.IsAsciiLetterOrDigit((char)text[key.Length]))
            return false;
        for (var i = 0; i < key.Length; i++)
        {
            if (text[i] != key[i])
                return false;
        }

        return true;
    }

    private static byte[] Hexadecimal(ReadOnlySpan<byte> text)
    {
        var digits = new StringBuilder();
        foreach (var each in text)
        {
            if (each == '>')
                break;
            if (char.IsAsciiHexDigit((char)each))
                digits.Append((char)each);
        }

        return Convert.FromHexString(digits.Length % 2 == 0 ? digits.ToString() : $"{digits}0");
    }

    private static byte[] Literal(ReadOnlySpan<byte> text)
    {
        var bytes = new List<byte>();
        var depth = 1;
        for (var i = 0; i < text.Length; i++)
        {
            var each = text[i];
            if (each == '\\' && ++i < text.Length)
            {
                each = text[i];
                var octal = 0;
                while (octal < 3 && i + octal < text.Length && text[i + octal] is >= (byte)'0' and <= (byte)'7')
                    octal++;
                if (octal > 0)
                {
                    var value = 0;
                    foreach (var digit in text.Slice(i, octal))
                        value = (value * 8) + digit - '0';
                    bytes.Add((byte)value);
                    i += octal - 1;
                }
                else if (each is (byte)'\r' or (byte)'\n')
                    i += each == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 1 : 0;
                else
                    bytes.Add((char)each switch { 'n' => 10, 'r' => 13, 't' => 9, 'b' => 8, 'f' => 12, _ => each });
                continue;
            }

            depth += each == '(' ? 1 : each == ')' ? -1 : 0;
            if (depth == 0)
                break;
            // A break is one character however it is written.
            if (each == '\r')
            {
                bytes.Add(10);
                i += i + 1 < text.Length && text[i + 1] == '\n' ? 1 : 0;
            }
            else
                bytes.Add(each);
        }

        return [.. bytes];
    }
}

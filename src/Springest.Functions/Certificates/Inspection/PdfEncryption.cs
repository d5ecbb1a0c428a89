using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Springest.Functions.Certificates.Inspection;

/// <summary>
/// Tells whether an encrypted PDF opens without a password, and what its streams are decrypted with then: as the standard's own handler
/// takes the empty one (ISO 32000-2, 7.6.4). What is encrypted by other means opens for nobody without more; what can be understood in two
/// ways counts as that.
/// </summary>
internal sealed partial class PdfEncryption
{
    // An object with the passwords' hashes, and a trailer, are much smaller.
    private const int MostBytes = 8192;
    private const int MostDictionaries = 8;

    private static readonly byte[] s_padding
        = Convert.FromHexString("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A");

    private readonly byte[] _bytes = new byte[MostBytes];
    private readonly List<(int? Number, byte[] Bytes)> _handlers = [];
    private readonly HashSet<int?> _named = [];
    private int _length;
    private bool _isHandler, _isTrailer, _hasId, _holdsHandler, _isVague;
    private byte[]? _trailer;

    /// <summary>Whether something says that it is encrypted.</summary>
    public bool IsEncrypted { get; private set; }

    /// <summary>What it is decrypted with; null if it does not open without a password. To be asked at its end.</summary>
    public PdfCipher? FindCipher()
    {
        if (_isVague || !_named.All(named => _handlers.Exists(handler => handler.Number == named)))
            return null;
        PdfCipher? found = null;
        foreach (var (_, bytes) in _handlers.Where(handler => _named.Contains(handler.Number)))
        {
            if (Open(bytes) is not { } cipher || found?.IsSameAs(cipher) is false)
                return null;
            found = cipher;
        }

        return found;
    }

    /// <summary>How many objects were found that say how it is encrypted.</summary>
    public int Handlers => _handlers.Count(handler => handler.Number is { } number && Names(number));

    /// <summary>Whether the object of this number says how it is encrypted.</summary>
    public bool Names(int number) => _named.Contains(number);

    /// <summary>The number of the object at hand, if it is known.</summary>
    public int? Number { get; set; }

    /// <summary>Takes a byte of an object.</summary>
    public void Read(byte each)
    {
        if (_length < MostBytes)
            _bytes[_length] = each;
        _length++;
    }

    /// <summary>Takes a token of it, and the one before.</summary>
    /// <param name="number">Its value, if it is a number.</param>
    public void Take(PdfToken before, PdfToken token, int? number)
    {
        if (token == PdfToken.Trailer)
            EndObject();
        if (before == PdfToken.Encrypt && token == PdfToken.Number)
            Name(number ?? -1);
        else if (before == PdfToken.Encrypt && token == PdfToken.Opening)
            _holdsHandler = true;
        _isHandler |= before == PdfToken.Filter && token == PdfToken.Handler;
        _isTrailer |= token is PdfToken.Trailer or PdfToken.CrossReferenceStream;
        _hasId |= token == PdfToken.FileId;
        // A trailer ends where it is said where the table is, and not with what programs put behind the end of the file.
        if (token is PdfToken.EndOfObject or PdfToken.StartOfCrossReference)
            EndObject();
    }

    /// <summary>Says that what follows is another object.</summary>
    public void EndObject()
    {
        if (_holdsHandler)
            Name(null);
        if (_isHandler)
        {
            _isVague |= _length > MostBytes || _handlers.Count == MostDictionaries;
            if (_handlers.Count < MostDictionaries)
                _handlers.Add((_holdsHandler ? null : Number, _bytes[..Math.Min(_length, MostBytes)]));
        }

        if (_isTrailer && _hasId && _length <= MostBytes)
            _trailer ??= _bytes[.._length];
        (_length, _isHandler, _isTrailer, _hasId, _holdsHandler, Number) = (0, false, false, false, false, null);
    }

    private void Name(int? number)
    {
        IsEncrypted = true;
        if (_named.Count < MostDictionaries)
            _named.Add(number);
        else
            _isVague |= !_named.Contains(number);
    }

    private PdfCipher? Open(byte[] bytes)
    {
        var handler = new Entries(bytes);
        var (r, v) = (handler.Number("/R"), handler.Number("/V"));
        if (handler.IsVague || handler.Text("/U") is not { } user || handler.Text("/O") is not { } owner
            || MethodOf(handler, v) is not { } method)
            return null;
        return (r is 5 or 6 ? KeyOf(r.Value, user, handler.Text("/UE"))
            : r is 2 or 3 or 4 && owner.Length >= 32 && user.Length >= 16 ? KeyOf(r.Value, v, handler, user, owner)
            : null) is { } key ? new PdfCipher(key, method) : null;
    }

    /// <summary>How streams are encrypted; null if that is said in a way that is not known.</summary>
    private static string? MethodOf(Entries handler, long? v)
        => v is 1 or 2 or 3 ? PdfCipher.RC4
            : v is not (4 or 5) ? null
            : handler.Name("/StmF") is null or "/Identity" ? PdfCipher.None
            : handler.Names("/CFM").Distinct().ToList() is [var method]
                && method is PdfCipher.None or PdfCipher.RC4 or PdfCipher.Aes128 or PdfCipher.Aes256
                && method == PdfCipher.Aes256 == (v == 5) ? method
            : null;

    private static byte[]? KeyOf(long revision, byte[] user, byte[]? coded)
    {
        if (user.Length < 48 || coded?.Length is null or < 32
            || !Hash(revision, user.AsSpan(32, 8)).AsSpan().SequenceEqual(user.AsSpan(0, 32)))
            return null;
        using var aes = Aes.Create();
        aes.Key = Hash(revision, user.AsSpan(40, 8));
        return aes.DecryptCbc(coded.AsSpan(0, 32), new byte[16], PaddingMode.None);
    }

    private byte[]? KeyOf(long revision, long? v, Entries handler, byte[] user, byte[] owner)
    {
        if (handler.Number("/P") is not { } permissions)
            return null;
        var id = _trailer is null ? [] : new Entries(_trailer).Text("/ID") ?? [];
        byte[] metadata = revision == 4 && handler.IsFalse("/EncryptMetadata") ? [255, 255, 255, 255] : [];
        var bits = v == 4 ? 128 : revision == 2 ? 40 : handler.Number("/Length") ?? 40;
        var size = (int)Math.Clamp(bits / 8, 5, 16);
        var key = PdfCipher.Md5([.. s_padding, .. owner.AsSpan(0, 32), .. BitConverter.GetBytes((int)permissions), .. id, .. metadata]);
        if (revision == 2)
            return PdfCipher.Code(key.AsSpan(0, size), s_padding, 0).AsSpan().SequenceEqual(user.AsSpan(0, Math.Min(32, user.Length)))
                ? key[..size] : null;
        for (var i = 0; i < 50; i++)
            key = PdfCipher.Md5(key.AsSpan(0, size));
        var check = PdfCipher.Md5([.. s_padding, .. id]);
        for (var i = 0; i < 20; i++)
            check = PdfCipher.Code(key.AsSpan(0, size), check, (byte)i);
        return check.AsSpan().SequenceEqual(user.AsSpan(0, 16)) ? key[..size] : null;
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

    /// <summary>The entries of an object's dictionaries, whichever of them they are in.</summary>
    private sealed partial class Entries
    {
        // What is decided by; said twice, readers may take the one or the other.
        private static readonly string[] s_unique = ["/R", "/V", "/U", "/O", "/UE", "/P", "/StmF", "/EncryptMetadata"];

        private readonly byte[] _bytes;
        private readonly List<(string Name, int Value)> _entries = [];

        public Entries(byte[] bytes)
        {
            _bytes = bytes;
            var depth = 0;
            for (var i = 0; i < bytes.Length; i++)
            {
                var each = bytes[i];
                if (depth > 0 && each == '\\')
                    i++;
                else if (each == '(')
                    depth++;
                else if (each == ')' && depth > 0)
                    depth--;
                else if (depth == 0 && each == '%')
                    i = EndOfComment(i);
                else if (depth == 0 && each == '/')
                {
                    var name = NameAt(i);
                    _entries.Add((name, i + name.Length));
                    i += name.Length - 1;
                }
            }
        }

        public bool IsVague
            => _entries.Exists(entry => entry.Name.Contains('#', StringComparison.Ordinal))
                || s_unique.Any(name => _entries.Count(entry => entry.Name == name) > 1);

        public long? Number(string name)
        {
            var at = ValueOf(name);
            if (at < 0)
                return null;
            var text = Direct().Match(Encoding.Latin1.GetString(_bytes[at..Math.Min(_bytes.Length, at + 32)])).Value;
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        }

        public bool IsFalse(string name) => ValueOf(name) is var at and >= 0 && _bytes.AsSpan(at).StartsWith("false"u8);

        /// <summary>The name behind another.</summary>
        public string? Name(string name) => Names(name).FirstOrDefault();

        public IEnumerable<string> Names(string name)
            => _entries.Where(entry => entry.Name == name).Select(entry => NameAt(Skip(entry.Value)));

        /// <summary>The text behind a name, or the first one of the array there.</summary>
        public byte[]? Text(string name)
        {
            var at = ValueOf(name);
            while (at >= 0 && at < _bytes.Length && _bytes[at] is (byte)'[' or <= 32)
                at++;
            return at < 0 || at >= _bytes.Length ? null
                : _bytes[at] == '<' ? Hexadecimal(_bytes.AsSpan(at + 1))
                : _bytes[at] == '(' ? Literal(_bytes.AsSpan(at + 1))
                : null;
        }

        /// <summary>Where the value of a name begins; -1 if there is none.</summary>
        private int ValueOf(string name)
            => _entries.FindIndex(entry => entry.Name == name) is var found and >= 0 && Skip(_entries[found].Value) is var at
                && at < _bytes.Length ? at : -1;

        private int Skip(int at)
        {
            for (; at < _bytes.Length && _bytes[at] is <= 32 or (byte)'%'; at++)
                at = _bytes[at] == '%' ? EndOfComment(at) : at;
            return at;
        }

        private int EndOfComment(int at)
        {
            while (at < _bytes.Length && _bytes[at] is not ((byte)'\r' or (byte)'\n'))
                at++;
            return at;
        }

        private string NameAt(int at)
        {
            var end = Math.Min(at + 1, _bytes.Length);
            while (end < _bytes.Length && _bytes[end] > 32 && !"/<>()[]{}%"u8.Contains(_bytes[end]))
                end++;
            return at < end ? Encoding.Latin1.GetString(_bytes[at..end]) : "";
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

        // A number itself, and not where one is.
        [GeneratedRegex(@"\A[+-]?\d+(?!\d|\s+\d+\s+R)")]
        private static partial Regex Direct();
    }
}

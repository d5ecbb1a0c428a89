using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.IO.Compression;

namespace Springest.Functions.Certificates.Inspection;

/// <summary>
/// Looks through a PDF, part by part, for what it has (<see cref="PdfFeatures"/>), in the open and in its compressed objects. Goes by its
/// names, wherever a reader may follow them: a course in HTML/JavaScript, in a text, is no script.
/// </summary>
internal sealed class PdfScanner : PdfLexer
{
    /// <summary>What only an encrypted file has.</summary>
    public const PdfFeatures Encryptions = PdfFeatures.NeedsPassword | PdfFeatures.Restricted;

    /// <summary>The longest set of compressed objects that is looked into, and how much all of a file's may come to.</summary>
    private const int LongestObjects = 2 * 1024 * 1024;
    private const int MostInflated = 32 * 1024 * 1024;

    /// <summary>What each set counts as at least, so that there cannot be too many of them.</summary>
    private const int LeastInflated = 4096;

    // Compressed bytes may have the word in them that ends them. Nobody's do so often.
    private const int MostEnds = 4;

    private static readonly FrozenDictionary<string, PdfToken>.AlternateLookup<ReadOnlySpan<char>> s_known
        = new Dictionary<string, PdfToken>
        {
            ["/S"] = PdfToken.Action,
            ["/JavaScript"] = PdfToken.JavaScript,
            ["/JS"] = PdfToken.Script,
            ["/XFA"] = PdfToken.Form,
            ["/Rendition"] = PdfToken.Rendition,
            ["/Launch"] = PdfToken.Launch,
            ["/Type"] = PdfToken.Type,
            ["/Page"] = PdfToken.Page,
            ["/Contents"] = PdfToken.Page,
            ["/XRef"] = PdfToken.CrossReferenceStream,
            ["/EmbeddedFile"] = PdfToken.EmbeddedFile,
            ["/EF"] = PdfToken.Files,
            ["/EmbeddedFiles"] = PdfToken.Files,
            ["/Encrypt"] = PdfToken.Encrypt,
            ["/Standard"] = PdfToken.Handler,
            ["/ID"] = PdfToken.FileId,
            ["/ObjStm"] = PdfToken.ObjectStream,
            ["/N"] = PdfToken.Count,
            ["/First"] = PdfToken.First,
            ["/Length"] = PdfToken.Length,
            ["/Extends"] = PdfToken.Extends,
            ["/Filter"] = PdfToken.Filter,
            ["/FlateDecode"] = PdfToken.Deflate,
            ["/Predictor"] = PdfToken.Predictor,
            ["/LZWDecode"] = PdfToken.OtherCode,
            ["/ASCII85Decode"] = PdfToken.OtherCode,
            ["/ASCIIHexDecode"] = PdfToken.OtherCode,
            ["/RunLengthDecode"] = PdfToken.OtherCode,
            ["/Crypt"] = PdfToken.OtherCode,
            ["/Fl"] = PdfToken.OtherCode,
            ["/LZW"] = PdfToken.OtherCode,
            ["/A85"] = PdfToken.OtherCode,
            ["/AHx"] = PdfToken.OtherCode,
            ["/RL"] = PdfToken.OtherCode,
            ["/BrotliDecode"] = PdfToken.OtherCode,
            ["R"] = PdfToken.Reference,
            ["obj"] = PdfToken.Object,
            ["endobj"] = PdfToken.EndOfObject,
            ["stream"] = PdfToken.Stream,
            ["xref"] = PdfToken.CrossReference,
            ["startxref"] = PdfToken.StartOfCrossReference,
            ["trailer"] = PdfToken.Trailer,
        }
            .ToFrozenDictionary()
            .GetAlternateLookup<ReadOnlySpan<char>>();

    // Of compressed objects.
    private readonly bool _isInside;

    private readonly PdfEnd _ending = new();
    private readonly PdfEncryption _encryption = new();
    private readonly PdfEncryption? _known;
    private PdfCipher? _cipher;
    private int _handlers;

    private long _read;

    // The token before, and the last one that is no number.
    private PdfToken _before, _key;

    // The last number, the one before, and of the object at hand its own and its generation.
    private int? _last, _lastButOne;
    private (int Number, int Generation)? _object;

    // What the object at hand says of its stream.
    private bool _isObjectStream, _isDeflated, _isCodedOtherwise, _hasObjects;
    private int? _count, _first, _length;

    private ArrayBufferWriter<byte>? _objects;
    private int _searched, _ends;
    private byte _behindStream;
    private int _left = MostInflated;

    // Of compressed objects: how many numbers of their table are still to come, and where they begin.
    private int _numbers;
    private readonly List<long> _beginnings = [];
    private readonly long _base;

    public PdfScanner()
    {
    }

    private PdfScanner(PdfScanner first)
        => (_known, _cipher, Features) = (first._encryption, first._cipher, first.Features);

    private PdfScanner(int numbers, int at) => (_isInside, _numbers, _base, NextBeginning) = (true, numbers, at, at);

    /// <summary>What was found.</summary>
    public PdfFeatures Features { get; private set; }

    /// <summary>Whether nobody can look into it here.</summary>
    public bool NeedsPassword => Features.HasFlag(PdfFeatures.NeedsPassword);

    /// <summary>Whether some of its objects could not be looked into.</summary>
    public bool IsOpaque { get; private set; }

    /// <summary>Whether it has a page.</summary>
    public bool HasPage { get; private set; }

    /// <summary>Whether its end came with it, where every reader looks for it or finds it.</summary>
    public bool HasEnd => _ending.IsThere;

    protected override bool AreTokensOver => _objects is not null;

    /// <summary>Takes the next part.</summary>
    public void Read(ReadOnlySpan<byte> part)
    {
        _ending.ReadInk(part, _read);
        _read += part.Length;
        while (!part.IsEmpty)
            part = _objects is null ? ReadTokens(part, _read - part.Length) : ReadObjects(part);
    }

    /// <summary>Says that there is nothing more.</summary>
    public void End()
    {
        EndToken();
        IsOpaque |= _objects is not null;
        _encryption.EndObject();
        // Something else than what was found may be what readers go by.
        IsOpaque |= _known is not null && _handlers != _known.Handlers;
        if (_known is not null || !_encryption.IsEncrypted)
            return;
        _cipher = _encryption.FindCipher();
        Features |= _cipher is null ? PdfFeatures.NeedsPassword : PdfFeatures.Restricted;
    }

    /// <summary>
    /// What reads the same file once more, since only its end says how its compressed objects are encrypted; null if that has nothing new.
    /// </summary>
    public PdfScanner? Again()
        => _known is null && _hasObjects && Features.HasFlag(PdfFeatures.Restricted) ? new PdfScanner(this) : null;

    protected override void TakeWord(Span<char> text, bool isWhole, long at)
    {
        _ending.ReadWord(text, at);
        if (!isWhole)
        {
            Take(PdfToken.Other);
            return;
        }

        var plain = text[0] == '/' ? Plain(text) : text;
        var token = s_known.TryGetValue(plain, out var known) ? known
            : char.IsAsciiDigit(text[0]) || text[0] is '+' or '-' or '.' ? PdfToken.Number
            : PdfToken.Other;
        if (token == PdfToken.Number)
            ReadNumber(Number(plain));
        // Only 1 says that the bytes are as they were. No number here has a sign, a point or a letter, such as in 0R.
        _isCodedOtherwise |= token == PdfToken.Number && (_before == PdfToken.Predictor ? _last != 1 : _last is null);
        if (token == PdfToken.CrossReference)
            _ending.ReadReference(at);
        Take(token);
    }

    protected override void Take(PdfToken token)
    {
        var isValue = token is PdfToken.Number or PdfToken.Opening;
        Features |= (_before, token) switch
        {
            (_, PdfToken.JavaScript) or (PdfToken.Action, PdfToken.Rendition) => PdfFeatures.JavaScript,
            (PdfToken.Script or PdfToken.Form, _) when isValue => PdfFeatures.JavaScript,
            (_, PdfToken.Launch) => PdfFeatures.Launch,
            (PdfToken.Type, PdfToken.EmbeddedFile) => PdfFeatures.Attachments,
            (PdfToken.Files, _) when isValue => PdfFeatures.Attachments,
            _ => PdfFeatures.None,
        };
        HasPage |= token == PdfToken.Page;
        _encryption.Take(_before, token, _last);
        if ((_before, token) is (PdfToken.Type, PdfToken.CrossReferenceStream))
            _ending.ReadReferenceStream();
        _isObjectStream |= token == PdfToken.ObjectStream;
        if ((_key, token) is (PdfToken.Length, PdfToken.Reference))
            _length = null;
        // Twice, or as another object says.
        _isCodedOtherwise |= token == PdfToken.OtherCode || (token == PdfToken.Deflate && _isDeflated)
            || (token == PdfToken.Reference && _key is not (PdfToken.Length or PdfToken.Extends or PdfToken.Type));
        _isDeflated |= token == PdfToken.Deflate;
        (_before, _key) = (token, token == PdfToken.Number ? _key : token);
        if (token == PdfToken.Object)
            BeginObject();
        else if (token == PdfToken.Stream)
            BeginStream();
    }

    protected override void TakeObject(long at, bool isRead)
    {
        _ending.ReadObject(at);
        _encryption.EndObject();
        _object = isRead && _lastButOne is { } number && _last is { } generation ? (number, generation) : null;
        _encryption.Number = _object?.Number;
        _handlers += _known is not null && (_object is not var (known, _) || _known.Names(known)) ? 1 : 0;
        (_isObjectStream, _isDeflated, _isCodedOtherwise) = (false, false, false);
        (_count, _first, _length, _before, _key) = (null, null, null, PdfToken.Object, PdfToken.Object);
    }

    protected override void TakeEnd(long at) => _ending.ReadMark(at);

    protected override void TakeByte(byte each) => _encryption.Read(each);

    protected override void PassBeginning()
    {
        if (NextBeginning == _base)
        {
            // The table ends here. If numbers are still missing, some objects begin where nobody can know in time.
            EndToken();
            IsOpaque |= _numbers > 0;
            _numbers = 0;
            _beginnings.Sort();
        }

        // In their order; of those that are passed already nothing has to be said.
        var next = _beginnings.BinarySearch(NextBeginning + 1);
        next = next < 0 ? ~next : next;
        NextBeginning = next < _beginnings.Count ? _beginnings[next] : -1;
    }

    /// <summary>A name without characters that are written as numbers, such as <c>/J#61vaScript</c>.</summary>
    private static ReadOnlySpan<char> Plain(Span<char> text)
    {
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var isCode = text[i] == '#' && i + 2 < text.Length;
            if (isCode && byte.TryParse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, null, out var code))
            {
                text[length++] = (char)code;
                i += 2;
            }
            else
            {
                text[length++] = text[i];
            }
        }

        return text[..length];
    }

    private void ReadNumber(int? number)
    {
        (_lastButOne, _last) = (_last, number);
        if (_before == PdfToken.Count)
            _count = number;
        else if (_before == PdfToken.First)
            _first = number;
        else if (_before == PdfToken.Length)
            _length = number;
        // Of a pair, the second says where an object begins.
        if (_numbers > 0 && _numbers-- % 2 == 1 && number is { } offset)
            _beginnings.Add(_base + offset);
    }

    private void BeginStream()
    {
        if (_isInside)
            return;
        // Some readers do not ask what it is called.
        var hasObjects = _isObjectStream || (_count is not null && _first is not null);
        if (!IsBehindDictionary)
        {
            // Who knows what a reader makes of it.
            IsOpaque |= hasObjects;
            return;
        }

        _encryption.EndObject();
        if (!hasObjects)
        {
            SkipStream();
            return;
        }

        _hasObjects = true;
        // Where what is not deflated ends, only its length tells.
        if (_isCodedOtherwise || _left < 0 || _count is not <= LongestObjects / 2 || _first is null
            || (!_isDeflated && (_known is not null || _length is null)))
        {
            IsOpaque = true;
            SkipStream();
            return;
        }

        (_objects, _searched, _ends, _behindStream) = (new ArrayBufferWriter<byte>(), 0, 0, LastByte);
    }

    /// <returns>What is left behind their end.</returns>
    private ReadOnlySpan<byte> ReadObjects(ReadOnlySpan<byte> part)
    {
        var end = "endstream"u8;
        var known = _objects!.WrittenCount;
        _objects.Write(part);
        while (_objects.WrittenSpan[_searched..].IndexOf(end) is var found and >= 0)
        {
            var at = _searched + found;
            _searched = at + end.Length;
            var isWhole = at <= LongestObjects && Look(_objects.WrittenSpan[..at]);
            if (!isWhole && at <= LongestObjects && ++_ends < MostEnds)
                continue;
            IsOpaque |= !isWhole;
            _objects = null;
            return part[(_searched - known)..];
        }

        _searched = Math.Max(_searched, _objects.WrittenCount - end.Length + 1);
        if (_objects.WrittenCount > LongestObjects)
        {
            (IsOpaque, _objects) = (true, null);
            SkipStream();
        }

        return [];
    }

    /// <returns>Whether these are all.</returns>
    private bool Look(ReadOnlySpan<byte> stream)
    {
        if (!(_isDeflated || IsAll(stream)) || Decrypt(stream) is not { } objects)
            return false;
        var inside = new PdfScanner(2 * _count!.Value, _first!.Value);
        _left -= LeastInflated;
        var isWhole = true;
        if (_isDeflated)
            isWhole = Inflate(objects, inside);
        else
            inside.Read(objects);
        inside.EndToken();
        IsOpaque |= _left < 0 || inside.IsOpaque || (_isDeflated && HasObject(stream));
        Features |= inside.Features;
        HasPage |= inside.HasPage;
        return isWhole;
    }

    private byte[]? Decrypt(ReadOnlySpan<byte> stream)
    {
        if (_known is null)
            return (_isDeflated ? stream.TrimStart("\r\n"u8) : Data(stream)).ToArray();
        // What is encrypted may begin with such bytes of its own.
        return _object is var (number, generation) ? _cipher?.Decrypt(number, generation, Data(stream)) : null;
    }

    /// <summary>What is in a stream: the break behind its first word was read, or half of it.</summary>
    private ReadOnlySpan<byte> Data(ReadOnlySpan<byte> stream)
        => _behindStream == '\r' && stream is [(byte)'\n', ..] ? stream[1..] : stream;

    /// <summary>Whether a stream is as long as it is said to be, but for the break at its end.</summary>
    private bool IsAll(ReadOnlySpan<byte> stream)
        => Data(stream) is var data && data.Length >= _length && data[_length.Value..].Trim("\r\n"u8).IsEmpty;

    /// <summary>Whether a reader may find an object in the bytes themselves, such as behind what is deflated.</summary>
    private static bool HasObject(ReadOnlySpan<byte> stream)
    {
        var mark = default(PdfObjectMark);
        foreach (var each in stream)
        {
            if (mark.Read(each, 0))
                return true;
        }

        return false;
    }

    private bool Inflate(byte[] objects, PdfScanner inside)
    {
        using var packed = new PackedBytes(objects);
        using var inflated = new ZLibStream(packed, CompressionMode.Decompress);
        Span<byte> part = stackalloc byte[LeastInflated];
        try
        {
            while (_left >= 0 && inflated.Read(part) is var length and > 0)
            {
                _left -= length;
                inside.Read(part[..length]);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            IsOpaque |= !packed.IsExhausted;
            return !packed.IsExhausted;
        }

        return !packed.IsExhausted;
    }

    /// <summary>Notes whether more was asked for than there is.</summary>
    private sealed class PackedBytes(byte[] bytes) : MemoryStream(bytes)
    {
        public bool IsExhausted { get; private set; }

        public override int Read(Span<byte> buffer) => Noted(base.Read(buffer));

        public override int Read(byte[] buffer, int offset, int count) => Noted(base.Read(buffer, offset, count));

        private int Noted(int length)
        {
            IsExhausted |= length == 0;
            return length;
        }
    }
}

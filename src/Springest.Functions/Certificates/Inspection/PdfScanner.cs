using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.IO.Compression;

namespace Springest.Functions.Certificates.Inspection;

/// <summary>
/// Looks through a PDF, part by part, for what it has (<see cref="PdfFeatures"/>), in the open and in its compressed objects. Goes by its
/// names, wherever a reader may follow them: a course in HTML/JavaScript, in a text, is no script.
/// </summary>
public sealed class PdfScanner
{
    /// <summary>What only an encrypted file has.</summary>
    public const PdfFeatures Encryptions = PdfFeatures.NeedsPassword | PdfFeatures.Restricted;

    private readonly Tokens _tokens;

    private long _offset;

    public PdfScanner()
        : this(new Tokens())
    {
    }

    private PdfScanner(Tokens tokens) => _tokens = tokens;

    /// <summary>What was found.</summary>
    public PdfFeatures Features => _tokens.Features;

    /// <summary>Whether nobody can look into it here.</summary>
    public bool NeedsPassword => Features.HasFlag(PdfFeatures.NeedsPassword);

    /// <summary>Whether some of its objects could not be looked into.</summary>
    public bool IsOpaque => _tokens.IsOpaque;

    /// <summary>Whether it has a page.</summary>
    public bool HasPage => _tokens.HasPage;

    /// <summary>Whether its end came with it, where every reader looks for it or finds it.</summary>
    public bool HasEnd => _tokens.Ending.IsThere;

    /// <summary>Takes the next part.</summary>
    public void Read(ReadOnlySpan<byte> part)
    {
        _tokens.Ending.ReadInk(part, _offset);
        _tokens.Read(part, _offset);
        _offset += part.Length;
    }

    /// <summary>Says that there is nothing more.</summary>
    public void End() => _tokens.End();

    /// <summary>
    /// What reads the same file once more, since only its end says how its compressed objects are encrypted; null if that has nothing new.
    /// </summary>
    public PdfScanner? Again() => _tokens.Again() is { } again ? new PdfScanner(again) : null;

    private sealed class Tokens : PdfLexer
    {
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
                ["/Filter"] = PdfToken.Filter,
                ["/DecodeParms"] = PdfToken.Parameters,
                ["/DP"] = PdfToken.Parameters,
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

        private readonly PdfEncryption _encryption = new();
        private readonly PdfEncryption? _known;
        private PdfCipher? _cipher;
        private int _handlers;

        private PdfToken _before;

        // The last number, the one before, and of the object at hand its own and its generation.
        private int? _last, _lastButOne;
        private (int Number, int Generation)? _object;

        // What the object at hand says of its stream.
        private bool _isObjectStream, _isDeflated, _isCodedOtherwise, _hasObjects;
        private int? _count, _first;

        private ArrayBufferWriter<byte>? _objects;
        private int _searched, _ends;
        private byte _behindStream;
        private int _left = MostInflated;

        // Of compressed objects: how many numbers are to say where they begin, and where.
        private int _numbers;
        private List<long> _beginnings = [];
        private readonly long _base;

        public Tokens()
        {
        }

        private Tokens(Tokens first)
            => (_known, _cipher, Features) = (first._encryption, first._cipher, first.Features);

        private Tokens(int numbers, int at) => (_isInside, _numbers, _base) = (true, numbers, at);

        public PdfFeatures Features { get; private set; }

        public bool IsOpaque { get; private set; }

        public bool HasPage { get; private set; }

        public PdfEnd Ending { get; } = new();

        protected override bool AreTokensOver => _objects is not null;

        public void Read(ReadOnlySpan<byte> part, long offset)
        {
            var end = offset + part.Length;
            while (!part.IsEmpty)
                part = _objects is null ? ReadTokens(part, end - part.Length) : ReadObjects(part);
        }

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

        public Tokens? Again()
            => _known is null && _hasObjects && Features.HasFlag(PdfFeatures.Restricted) ? new Tokens(this) : null;

        protected override void TakeWord(Span<char> text, bool isWhole, long at)
        {
            Ending.ReadWord(text, at);
            if (!isWhole)
            {
                Take(PdfToken.Other);
                return;
            }

            var plain = text[0] == '/' ? Plain(text) : text;
            var token = s_known.TryGetValue(plain, out var known) ? known
                : char.IsAsciiDigit(text[0]) && !(_before == PdfToken.Predictor && text is "1") ? PdfToken.Number
                : PdfToken.Other;
            if (token == PdfToken.Number)
                ReadNumber(Number(plain));
            if (token == PdfToken.CrossReference)
                Ending.ReadReference(at);
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
                Ending.ReadReferenceStream();
            _isObjectStream |= token == PdfToken.ObjectStream;
            _isDeflated |= token == PdfToken.Deflate;
            _isCodedOtherwise |= token == PdfToken.OtherCode
                || (token == PdfToken.Number && _before is PdfToken.Filter or PdfToken.Predictor or PdfToken.Parameters);
            _before = token;
            if (token == PdfToken.Object)
                BeginObject();
            else if (token == PdfToken.Stream && IsBehindDictionary)
                BeginStream();
        }

        protected override void TakeObject(long at, bool isRead)
        {
            Ending.ReadObject(at);
            _encryption.EndObject();
            _object = isRead && _lastButOne is { } number && _last is { } generation ? (number, generation) : null;
            _encryption.Number = _object?.Number;
            _handlers += _known is not null && (_object is not var (known, _) || _known.Names(known)) ? 1 : 0;
            (_isObjectStream, _isDeflated, _isCodedOtherwise, _count, _first, _before) = (false, false, false, null, null, PdfToken.Object);
        }

        protected override void TakeEnd(long at) => Ending.ReadMark(at);

        protected override void TakeByte(byte each) => _encryption.Read(each);

        protected override void PassBeginning()
        {
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
            // An object by its number says nothing here.
            if (_numbers == 0)
                return;
            if (_numbers-- % 2 == 1 && number is { } offset)
                _beginnings.Add(_base + offset);
            if (_numbers > 0)
                return;
            _beginnings = [.. _beginnings.Order()];
            NextBeginning = _beginnings.Count > 0 ? _beginnings[0] : -1;
        }

        private void BeginStream()
        {
            if (_isInside)
                return;
            _encryption.EndObject();
            // Some readers do not ask what it is called.
            if (!_isObjectStream && (_count is null || _first is null))
            {
                SkipStream();
                return;
            }

            _hasObjects = true;
            // Where what is not deflated ends, encrypted, only its length tells.
            if (_isCodedOtherwise || _left < 0 || _count is null || _first is null || (_known is not null && !_isDeflated))
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
            if (Decrypt(stream) is not { } objects)
                return false;
            var inside = new Tokens((int)Math.Min(2L * _count!.Value, LongestObjects), _first!.Value);
            _left -= LeastInflated;
            var isWhole = true;
            if (_isDeflated)
                isWhole = Inflate(objects, inside);
            else
                inside.Read(objects, 0);
            IsOpaque |= _left < 0;
            inside.EndToken();
            Features |= inside.Features;
            HasPage |= inside.HasPage;
            return isWhole;
        }

        private byte[]? Decrypt(ReadOnlySpan<byte> stream)
        {
            if (_known is null)
                return stream.TrimStart("\r\n"u8).ToArray();
            // The break behind the word is read, or its first half. What is encrypted may begin with such bytes of its own.
            var data = _behindStream == '\r' && stream is [(byte)'\n', ..] ? stream[1..] : stream;
            return _object is var (number, generation) ? _cipher?.Decrypt(number, generation, data) : null;
        }

        private bool Inflate(byte[] objects, Tokens inside)
        {
            using var packed = new PackedBytes(objects);
            using var inflated = new ZLibStream(packed, CompressionMode.Decompress);
            Span<byte> part = stackalloc byte[LeastInflated];
            var offset = 0;
            try
            {
                while (_left >= 0 && inflated.Read(part) is var length and > 0)
                {
                    _left -= length;
                    inside.Read(part[..length], offset);
                    offset += length;
                }
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                IsOpaque |= !packed.IsExhausted;
                return !packed.IsExhausted;
            }

            return !packed.IsExhausted;
        }
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

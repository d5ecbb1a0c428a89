using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.IO.Compression;

namespace Springest.Functions.Certificates.Inspection;

/// <summary>
/// Looks through a PDF, part by part, for what it has (<see cref="PdfFeatures"/>), in the open and in its compressed objects. Goes by the
/// names that stand where they mean something: a course in HTML/JavaScript is no script.
/// </summary>
public sealed class PdfScanner
{
    /// <summary>The longest set of compressed objects that is looked into, and how much all of a file's may come to.</summary>
    private const int LongestObjects = 2 * 1024 * 1024;
    private const int MostInflated = 32 * 1024 * 1024;

    /// <summary>What each set counts as at least, so that there cannot be too many of them.</summary>
    private const int LeastInflated = 4096;

    private static readonly FrozenDictionary<string, PdfToken>.AlternateLookup<ReadOnlySpan<char>> _known = new Dictionary<string, PdfToken>
    {
        ["/S"] = PdfToken.Action,
        ["/JavaScript"] = PdfToken.JavaScript,
        ["/Rendition"] = PdfToken.JavaScript,
        ["/Launch"] = PdfToken.Launch,
        ["/Type"] = PdfToken.Type,
        ["/Page"] = PdfToken.Page,
        ["/XRef"] = PdfToken.CrossReferenceStream,
        ["/EmbeddedFile"] = PdfToken.EmbeddedFile,
        ["/EF"] = PdfToken.Files,
        ["/EmbeddedFiles"] = PdfToken.Files,
        ["/Encrypt"] = PdfToken.Encrypt,
        ["/ObjStm"] = PdfToken.ObjectStream,
        ["/Filter"] = PdfToken.Filter,
        ["/FlateDecode"] = PdfToken.Deflate,
        ["/Predictor"] = PdfToken.Predictor,
        ["/LZWDecode"] = PdfToken.OtherCode,
        ["/ASCII85Decode"] = PdfToken.OtherCode,
        ["/ASCIIHexDecode"] = PdfToken.OtherCode,
        ["/RunLengthDecode"] = PdfToken.OtherCode,
        ["obj"] = PdfToken.Object,
        ["stream"] = PdfToken.Stream,
        ["xref"] = PdfToken.CrossReference,
        ["startxref"] = PdfToken.StartOfCrossReference,
    }
        .ToFrozenDictionary()
        .GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly bool _isInside;

    // Longer than any known name with all its characters written as numbers.
    private readonly char[] _text = new char[64];
    private int _length;
    private PdfToken _before;

    // What the object at hand says of its stream.
    private bool _isObjectStream, _isDeflated, _isCodedOtherwise;

    // Where the token at hand began, and the two before it; where the part at hand begins.
    private long _start, _startBefore, _startBeforeThat, _offset;
    private readonly PdfEnd _end = new();

    private ArrayBufferWriter<byte>? _objects;
    private int _left = MostInflated;

    public PdfScanner()
    {
    }

    private PdfScanner(bool isInside) => _isInside = isInside;

    /// <summary>What was found.</summary>
    public PdfFeatures Features { get; private set; }

    /// <summary>Whether some of its objects could not be looked into.</summary>
    public bool IsOpaque { get; private set; }

    /// <summary>Whether it has a page.</summary>
    public bool HasPage { get; private set; }

    /// <summary>Whether its end came with it, where every reader looks for it or finds it.</summary>
    public bool HasEnd => _end.IsThere;

    /// <summary>Takes the next part.</summary>
    public void Read(ReadOnlySpan<byte> part)
    {
        _end.ReadInk(part, _offset);
        var end = _offset + part.Length;
        while (!part.IsEmpty)
        {
            _offset = end - part.Length;
            part = _objects is null ? ReadTokens(part) : ReadObjects(part);
        }

        _offset = end;
    }

    /// <summary>Says that there is nothing more.</summary>
    public void End() => EndToken();

    /// <returns>What is left, where compressed objects begin.</returns>
    private ReadOnlySpan<byte> ReadTokens(ReadOnlySpan<byte> part)
    {
        for (var i = 0; i < part.Length; i++)
        {
            var character = (char)part[i];
            if (character is > ' ' and not ('/' or '<' or '>' or '(' or ')' or '[' or ']' or '{' or '}' or '%'))
            {
                if (_length == 0)
                    _start = _offset + i;
                Append(character);
                continue;
            }

            EndToken();
            if (_objects is not null)
                return part[i..];
            if (character == '%')
                _end.ReadPercent(_offset + i);
            if (character == '/')
            {
                _start = _offset + i;
                Append(character);
            }
            else if (character > ' ')
                Take(character is '<' or '(' ? PdfToken.Opening : PdfToken.Other);
        }

        return [];
    }

    private void Append(char character)
    {
        if (_length < _text.Length)
            _text[_length] = character;
        _length++;
    }

    private void EndToken()
    {
        if (_length == 0)
            return;
        var text = _text.AsSpan(0, Math.Min(_length, _text.Length));
        _end.ReadWord(text, _start);
        Take(_length > _text.Length ? PdfToken.Other : TokenOf(Plain(text)));
        (_startBeforeThat, _startBefore) = (_startBefore, _start);
        _length = 0;
    }

    /// <summary>A name without characters that are written as numbers, such as <c>/J#61vaScript</c>.</summary>
    private static ReadOnlySpan<char> Plain(Span<char> text)
    {
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (
                text[i] == '#'
                && i + 2 < text.Length
                && byte.TryParse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, null, out var code))
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

    private PdfToken TokenOf(ReadOnlySpan<char> text)
        => _known.TryGetValue(text, out var token) ? token
            : char.IsAsciiDigit(text[0]) ? _before == PdfToken.Predictor && text is "1" ? PdfToken.Other : PdfToken.Number
            : PdfToken.Other;

    private void Take(PdfToken token)
    {
        Features |= (_before, token) switch
        {
            (PdfToken.Action or PdfToken.Object, PdfToken.JavaScript) => PdfFeatures.JavaScript,
            (PdfToken.Action or PdfToken.Object, PdfToken.Launch) => PdfFeatures.Launch,
            (PdfToken.Type, PdfToken.EmbeddedFile) or (PdfToken.Files, PdfToken.Number or PdfToken.Opening) => PdfFeatures.Attachments,
            (PdfToken.Encrypt, PdfToken.Number or PdfToken.Opening) => PdfFeatures.Encryption,
            _ => PdfFeatures.None,
        };
        HasPage |= (_before, token) is (PdfToken.Type, PdfToken.Page);
        if (token == PdfToken.Object)
            _end.ReadObject(_startBeforeThat);
        if (token == PdfToken.CrossReference)
            _end.ReadReference(_start);
        if ((_before, token) is (PdfToken.Type, PdfToken.CrossReferenceStream))
            _end.ReadReferenceStream();
        if (token == PdfToken.Object)
            (_isObjectStream, _isDeflated, _isCodedOtherwise) = (false, false, false);
        _isObjectStream |= token == PdfToken.ObjectStream;
        _isDeflated |= token == PdfToken.Deflate;
        _isCodedOtherwise |= token == PdfToken.OtherCode || (token == PdfToken.Number && _before is PdfToken.Filter or PdfToken.Predictor);
        if (token == PdfToken.Stream && _isObjectStream && !_isInside)
            BeginObjects();
        _before = token;
    }

    private void BeginObjects()
    {
        if (_isCodedOtherwise || _left < 0)
            IsOpaque = true;
        else
            _objects = new ArrayBufferWriter<byte>();
    }

    /// <returns>What is left behind their end.</returns>
    private ReadOnlySpan<byte> ReadObjects(ReadOnlySpan<byte> part)
    {
        var end = "endstream"u8;
        var known = _objects!.WrittenCount;
        var ends = part.IndexOf(end);
        _objects.Write(ends < 0 ? part : part[..(ends + end.Length)]);
        var from = Math.Max(0, known - end.Length + 1);
        var found = _objects.WrittenSpan[from..].IndexOf(end);
        if (found < 0 && _objects.WrittenCount <= LongestObjects)
            return [];

        var objects = _objects.WrittenSpan[..(found < 0 ? _objects.WrittenCount : from + found)];
        _objects = null;
        if (objects.Length <= LongestObjects)
            Look(objects.TrimStart("\r\n"u8));
        else
            IsOpaque = true;
        return found < 0 ? [] : part[(from + found + end.Length - known)..];
    }

    private void Look(ReadOnlySpan<byte> objects)
    {
        var inside = new PdfScanner(isInside: true);
        _left -= LeastInflated;
        try
        {
            if (_isDeflated)
                Inflate(objects, inside);
            else
                inside.Read(objects);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            IsOpaque = true;
        }

        IsOpaque |= _left < 0;
        inside.End();
        Features |= inside.Features;
        HasPage |= inside.HasPage;
    }

    private void Inflate(ReadOnlySpan<byte> objects, PdfScanner inside)
    {
        using var inflated = new ZLibStream(new MemoryStream(objects.ToArray()), CompressionMode.Decompress);
        Span<byte> part = stackalloc byte[LeastInflated];
        while (_left >= 0 && inflated.Read(part) is var length and > 0)
        {
            _left -= length;
            inside.Read(part[..length]);
        }
    }
}

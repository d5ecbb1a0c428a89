using System.Globalization;

namespace Springest.Functions.Certificates.Inspection;

/// <summary>
/// Takes the bytes of a PDF apart, part by part: names, words and numbers, without what stands in comments, texts and streams. A reader
/// follows the table of a PDF to any place in it, so that an object may begin within what looks like a text or comment from before. From
/// the first such place on, nothing is taken for one any more (<see cref="IsWary"/>): rather too much is seen than too little.
/// </summary>
internal abstract class PdfLexer
{
    // Longer than any known name with all its characters written as numbers.
    private readonly char[] _text = new char[64];
    private int _length;

    // Where the token at hand began, and the two before it; where the part at hand begins.
    private long _start, _startBefore, _startBeforeThat, _offset;

    private Mode _mode;
    private int _parentheses, _dictionaries;
    private bool _isEscaped, _isHex, _isLess, _isGreater, _endsDictionary;
    private PdfObjectMark _object;

    // The last bytes, in a number.
    private UInt128 _tail;

    private enum Mode
    {
        Tokens,
        Comment,
        Text,
        Stream,
    }

    protected bool IsWary { get; private set; }

    /// <summary>The byte that was read last.</summary>
    protected byte LastByte => (byte)_tail;

    /// <summary>Whether the token at hand follows the end of an object's dictionary, as the word stream does.</summary>
    protected bool IsBehindDictionary => _endsDictionary && _dictionaries == 0;

    /// <summary>Where the table of objects ends or one of them is known to begin, however what is before reads; -1 for nowhere.</summary>
    protected long NextBeginning { get; set; } = -1;

    /// <summary>Takes the next part, up to where tokens end (<see cref="AreTokensOver"/>).</summary>
    /// <returns>What is left.</returns>
    protected ReadOnlySpan<byte> ReadTokens(ReadOnlySpan<byte> part, long offset)
    {
        _offset = offset;
        for (var i = 0; i < part.Length; i++)
        {
            if (_offset + i == NextBeginning)
                Begin();
            ReadByte(part[i], _offset + i);
            if (AreTokensOver)
                return part[(i + 1)..];
        }

        return [];
    }

    /// <summary>Says that there is nothing more.</summary>
    protected void EndToken()
    {
        if (_length == 0)
            return;
        var text = _text.AsSpan(0, Math.Min(_length, _text.Length));
        var isWhole = _length <= _text.Length;
        _length = 0;
        TakeWord(text, isWhole, _start);
        (_startBeforeThat, _startBefore) = (_startBefore, _start);
        _endsDictionary = false;
    }

    /// <summary>Whether what follows are no tokens: the subclass reads it.</summary>
    protected abstract bool AreTokensOver { get; }

    /// <summary>Takes a name or word.</summary>
    protected abstract void TakeWord(Span<char> text, bool isWhole, long at);

    /// <summary>Takes what is no word.</summary>
    protected abstract void Take(PdfToken token);

    /// <summary>Takes the beginning of an object, that is, its number.</summary>
    /// <param name="at">Where it is.</param>
    /// <param name="isRead">Whether its words were taken; not where it begins within something else.</param>
    protected abstract void TakeObject(long at, bool isRead);

    /// <summary>Takes the mark that a PDF ends with.</summary>
    protected abstract void TakeEnd(long at);

    /// <summary>Takes a byte that belongs to an object's own text.</summary>
    protected abstract void TakeByte(byte each);

    /// <summary>What follows is a stream, whose bytes mean nothing here.</summary>
    protected void SkipStream()
    {
        // Where nothing is trusted, that is no stream either.
        if (!IsWary)
            (_mode, _object) = (Mode.Stream, default);
    }

    /// <summary>Says that the word at hand is the beginning of an object.</summary>
    protected void BeginObject()
    {
        (_dictionaries, _isHex) = (0, false);
        TakeObject(_startBeforeThat, isRead: true);
    }

    private void ReadByte(byte each, long at)
    {
        _tail = (_tail << 8) | each;
        if (_mode != Mode.Tokens && _object.Read(each, at))
        {
            IsWary |= _mode != Mode.Stream;
            _mode = Mode.Tokens;
            (_dictionaries, _isHex, _length) = (0, false, 0);
            TakeObject(_object.At, isRead: false);
            return;
        }

        switch (_mode)
        {
            case Mode.Stream:
                if (each is (byte)'m' or (byte)'j' or (byte)'f' or (byte)'r')
                    LeaveStream(at);
                return;
            case Mode.Comment:
                if (each is (byte)'\r' or (byte)'\n')
                    _mode = Mode.Tokens;
                break;
            case Mode.Text:
                ReadText(each);
                break;
            default:
                ReadToken((char)each, at);
                break;
        }

        TakeByte(each);
        // With or without a break behind it, the mark is a comment of its own.
        if (each == 'O' && Ends("%%EO"u8))
            TakeEnd(at + 1);
        if (each == 'F' && _mode == Mode.Comment && Ends("%%EOF"u8))
            _mode = Mode.Tokens;
    }

    private void ReadText(byte each)
    {
        if (_isEscaped)
            _isEscaped = false;
        else if (each == '\\')
            _isEscaped = true;
        else if (each == '(')
            _parentheses++;
        else if (each == ')' && --_parentheses == 0)
            _mode = Mode.Tokens;
    }

    private void ReadToken(char character, long at)
    {
        if (_isLess && character != '<')
        {
            (_isLess, _isHex) = (false, true);
            TakeOther(PdfToken.Opening);
        }

        _isGreater &= character == '>';
        if (character is > ' ' and not ('/' or '<' or '>' or '(' or ')' or '[' or ']' or '{' or '}' or '%'))
        {
            Append(character, at);
            return;
        }

        EndToken();
        switch (character)
        {
            case '/':
                Append(character, at);
                break;
            // A number in hexadecimal digits goes on to its end, whatever else is in it.
            case '%' when !IsWary && !_isHex:
                (_mode, _object) = (Mode.Comment, default);
                break;
            case '(' or '<' when _isHex:
                TakeOther(PdfToken.Opening);
                break;
            case '(':
                TakeOther(PdfToken.Opening);
                if (!IsWary)
                    (_mode, _parentheses, _isEscaped, _object) = (Mode.Text, 1, false, default);
                break;
            case '<' when _isLess:
                _isLess = false;
                _dictionaries++;
                TakeOther(PdfToken.Opening);
                break;
            case '<':
                _isLess = true;
                break;
            case '>' when _isHex:
                _isHex = false;
                break;
            case '>' when _isGreater:
                _isGreater = false;
                _dictionaries--;
                TakeOther(PdfToken.Other);
                _endsDictionary = true;
                break;
            case '>':
                _isGreater = true;
                break;
            case '[':
                TakeOther(PdfToken.Opening);
                break;
            case > ' ' and not '%':
                TakeOther(PdfToken.Other);
                break;
        }
    }

    private void TakeOther(PdfToken token)
    {
        Take(token);
        _endsDictionary = false;
    }

    private void Append(char character, long at)
    {
        if (_length == 0)
            _start = at;
        if (_length < _text.Length)
            _text[_length] = character;
        _length++;
    }

    /// <summary>Whatever a stream holds, these words are behind it.</summary>
    private void LeaveStream(long at)
    {
        ReadOnlySpan<byte> word = Ends("endstream"u8) ? "endstream"u8
            : Ends("endobj"u8) ? "endobj"u8
            : Ends("startxref"u8) ? "startxref"u8
            : Ends("trailer"u8) ? "trailer"u8
            : default;
        if (word.IsEmpty)
            return;
        _mode = Mode.Tokens;
        for (var i = 0; i < word.Length; i++)
            Append((char)word[i], at - word.Length + 1 + i);
    }

    private void Begin()
    {
        if (_mode != Mode.Tokens || _isHex)
            (IsWary, _mode, _isHex) = (true, Mode.Tokens, false);
        PassBeginning();
    }

    /// <summary>Says where the next object is known to begin.</summary>
    protected abstract void PassBeginning();

    private bool Ends(ReadOnlySpan<byte> word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if ((byte)(_tail >> (8 * (word.Length - 1 - i))) != word[i])
                return false;
        }

        return true;
    }

    /// <summary>The value of a name's or number's text.</summary>
    protected static int? Number(ReadOnlySpan<char> text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

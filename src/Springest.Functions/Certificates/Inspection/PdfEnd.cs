using System.Buffers;
using System.Globalization;

namespace Springest.Functions.Certificates.Inspection;

/// <summary>
/// Tells whether a PDF has come to its end. That is its last mark, <c>%%EOF</c> or a piece of it, with no object and not much else behind
/// it; or, without one, a cross-reference that is where the file says that it is.
/// </summary>
internal sealed class PdfEnd
{
    // As far as readers look back for the mark. Blanks and NULs, with which scanners fill files up, do not count.
    private const int MostBehind = 64 * 1024;

    private const int MostReferences = 10_000;

    private static readonly SearchValues<byte> s_blanks = SearchValues.Create("\0\t\n\f\r "u8);

    private readonly HashSet<long> _references = [];
    private long _object, _mark = -1, _ink, _named = -1, _namedAt;
    private bool _isNamed;

    public bool IsThere => (_mark >= 0 && _ink - _mark <= MostBehind) || (_references.Contains(_named) && _ink - _namedAt <= MostBehind);

    /// <summary>Takes note of the last byte that is no blank.</summary>
    public void ReadInk(ReadOnlySpan<byte> part, long offset)
    {
        if (part.LastIndexOfAnyExcept(s_blanks) is var last and >= 0)
            _ink = offset + last;
    }

    /// <summary>Takes the mark.</summary>
    public void ReadMark(long at) => _mark = at;

    /// <summary>Takes any word: it may say where the cross-reference is.</summary>
    public void ReadWord(ReadOnlySpan<char> word, long at)
    {
        if (_isNamed)
            (_named, _namedAt) = (long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : -1, at);
        _isNamed = word is "startxref";
    }

    /// <summary>Takes an object: one behind the mark needs a mark of its own.</summary>
    public void ReadObject(long at) => (_object, _mark, _named) = (at, -1, -1);

    /// <summary>Takes a table of objects, or says that the object at hand is one.</summary>
    public void ReadReference(long at)
    {
        if (_references.Count < MostReferences)
            _references.Add(at);
    }

    public void ReadReferenceStream() => ReadReference(_object);
}

namespace Springest.Functions.Certificates.Inspection;

/// <summary>Finds the beginning of an object, such as <c>12 0 obj</c>, byte by byte, wherever it stands.</summary>
internal struct PdfObjectMark
{
    private int _state;

    /// <summary>Where the one that was found begins.</summary>
    public long At { get; private set; }

    /// <summary>Takes the next byte.</summary>
    /// <returns>Whether it is the last one of a beginning.</returns>
    public bool Read(byte each, long at)
    {
        var isDigit = each is >= (byte)'0' and <= (byte)'9';
        var isBlank = each is 0 or 9 or 10 or 12 or 13 or 32;
        if (_state == 0 && isDigit)
            At = at;
        _state = (_state, (char)each) switch
        {
            (0 or 1, _) when isDigit => 1,
            (1 or 2, _) when isBlank => 2,
            (2 or 3, _) when isDigit => 3,
            (3 or 4, _) when isBlank => 4,
            (4, _) when isDigit => 3,
            (3 or 4, 'o') => 5,
            (5, 'b') => 6,
            (6, 'j') => 7,
            _ => 0,
        };
        if (_state != 7)
            return false;
        _state = 0;
        return true;
    }
}

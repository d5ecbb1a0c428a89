namespace Springest.Functions.Certificates.Inspection;

/// <summary>Finds the beginning of an object, such as <c>12 0 obj</c>, byte by byte, wherever it stands.</summary>
internal struct PdfObjectMark
{
    private int _state;

    // The state to go on from behind a comment, which may itself hold a beginning.
    private int _behindComment;

    /// <summary>Where the one that was found begins.</summary>
    public long At { get; private set; }

    /// <summary>Takes the next byte.</summary>
    /// <returns>Whether it is the last one of a beginning.</returns>
    public bool Read(byte each, long at)
    {
        var isDigit = each is >= (byte)'0' and <= (byte)'9';
        var isBlank = each is 0 or 9 or 10 or 12 or 13 or 32;
        if (_state == 0 && _behindComment == 0 && !isDigit)
            return false;
        if (_state is 0 or 5 or 6 && isDigit)
            At = at;
        if (each == '%')
            _behindComment = Math.Max(_behindComment, _state is 1 or 3 ? _state + 1 : _state is 2 or 4 ? _state : 0);
        _state = (_state, (char)each) switch
        {
            (0 or 1 or 5 or 6, _) when isDigit => 1,
            (1 or 2, _) when isBlank => 2,
            (2 or 3, _) when isDigit => 3,
            (3 or 4, _) when isBlank => 4,
            (4, _) when isDigit => 3,
            (3 or 4, 'o') => 5,
            (5, 'b') => 6,
            (6, 'j') => 7,
            _ => 0,
        };
        if (each is (byte)'\r' or (byte)'\n')
            (_state, _behindComment) = (Math.Max(_state, _behindComment), 0);
        if (_state != 7)
            return false;
        _state = 0;
        return true;
    }
}

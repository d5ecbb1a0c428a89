namespace Springest.Testing.Certificates;

/// <summary>
/// What an instance of the app lives by: every request that it makes, to storage and to Springest. It is cut at one of them, before
/// the request is sent or once it has been carried out; from then on nothing gets through.
/// </summary>
internal sealed class Lifeline
{
    private readonly Lock _lock = new();
    private int _left = int.MaxValue;
    private bool _answerLost;

    /// <summary>Cuts it at the nth request from now.</summary>
    public void CutAt(int request, bool answerLost)
    {
        lock (_lock)
            (_left, _answerLost) = (request, answerLost);
    }

    /// <summary>Another instance takes the dead one's place.</summary>
    public void Mend() => CutAt(int.MaxValue, answerLost: false);

    /// <summary>A request is to be sent, by whoever has his turn.</summary>
    public void Send()
    {
        lock (_lock)
        {
            if (_left <= 0 || (--_left == 0 && !_answerLost))
                throw new CutException();
        }
    }

    /// <summary>Its answer is there.</summary>
    public void Receive()
    {
        lock (_lock)
        {
            if (_left <= 0)
                throw new CutException();
        }
    }

    /// <summary>Stands for the end of the process: nobody expects it.</summary>
    private sealed class CutException : Exception;
}

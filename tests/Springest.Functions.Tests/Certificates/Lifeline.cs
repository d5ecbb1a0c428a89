using Azure.Core;
using Azure.Core.Pipeline;

namespace Springest.Functions.Tests.Certificates;

/// <summary>
/// What an instance of the app lives by: every request that it makes, to storage and to Springest. It is cut at one of them, before
/// the request is sent or once it has been carried out; from then on nothing gets through.
/// </summary>
internal sealed class Lifeline : HttpPipelinePolicy
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

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (Counts(message))
            Send();
        await ProcessNextAsync(message, pipeline);
        if (Counts(message))
            Receive();
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        if (Counts(message))
            Send();
        ProcessNext(message, pipeline);
        if (Counts(message))
            Receive();
    }

    // The permits have tests of their own, and whoever waits for one would wait for ever.
    private static bool Counts(HttpMessage message) => !message.Request.Uri.Path.Contains("Quota", StringComparison.Ordinal);

    public void Send()
    {
        lock (_lock)
        {
            if (_left <= 0 || (--_left == 0 && !_answerLost))
                throw new CutException();
        }
    }

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

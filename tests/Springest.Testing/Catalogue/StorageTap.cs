using Azure.Core;
using Azure.Core.Pipeline;

namespace Springest.Testing.Catalogue;

/// <summary>
/// Sees every request to the mirror's tables and blobs. A test can have something happen before one is sent, and can make the app die
/// at one: from then on nothing gets through.
/// </summary>
internal sealed class StorageTap : HttpPipelinePolicy
{
    private readonly Lock _lock = new();
    private readonly List<string> _requests = [];
    private int _left = int.MaxValue;
    private bool _answerLost;

    /// <summary>Awaited before a request is sent, given as <c>PUT /account/nlTrainings(...)</c>.</summary>
    public Func<string, Task>? Before { get; set; }

    /// <summary>How many requests there were since the last <see cref="Clear"/>.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _requests.Count;
        }
    }

    /// <summary>The requests that are no reads.</summary>
    public IReadOnlyList<string> Writes
    {
        get
        {
            lock (_lock)
                return [.. _requests.Where(request => !request.StartsWith("GET", StringComparison.Ordinal))];
        }
    }

    public void Clear()
    {
        lock (_lock)
            _requests.Clear();
    }

    /// <summary>Makes the app die at the nth request from now: before it is sent, or when it has been carried out.</summary>
    public void KillAt(int request, bool answerLost)
    {
        lock (_lock)
            (_left, _answerLost) = (request, answerLost);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var request = $"{message.Request.Method} {message.Request.Uri.Path}";
        if (request.Contains("Quota", StringComparison.Ordinal))
        {
            await ProcessNextAsync(message, pipeline);
            return;
        }

        Admit(request);
        if (Before is { } before)
            await before(request);
        await ProcessNextAsync(message, pipeline);
        lock (_lock)
        {
            if (_left <= 0)
                throw new KilledException();
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    private void Admit(string request)
    {
        lock (_lock)
        {
            if (_left <= 0 || (--_left == 0 && !_answerLost))
                throw new KilledException();
            _requests.Add(request);
        }
    }
}

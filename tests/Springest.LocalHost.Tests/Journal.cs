using System.Threading.Channels;

namespace Springest.LocalHost.Tests;

/// <summary>What the sample functions did, in order.</summary>
public sealed class Journal
{
    private readonly Channel<string> _entries = Channel.CreateUnbounded<string>();

    public void Write(string entry) => Assert.True(_entries.Writer.TryWrite(entry));

    /// <summary>Waits for the next entry.</summary>
    public async Task<string> NextAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        return await _entries.Reader.ReadAsync(patience.Token);
    }

    /// <summary>What has been written and not been read.</summary>
    public IReadOnlyList<string> Rest()
    {
        var rest = new List<string>();
        while (_entries.Reader.TryRead(out var entry))
            rest.Add(entry);
        return rest;
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Springest.LocalHost.Tests;

/// <summary>Keeps every log line, with its exception and everything that the scopes around it say.</summary>
public sealed class LogRecorder : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = [];
    private IExternalScopeProvider? _scopes;

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Waits until a number of lines hold a text.</summary>
    public async Task WaitForAsync(string text, int count = 1)
    {
        using var interval = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (_lines.Count(line => line.Contains(text, StringComparison.Ordinal)) < count)
            await interval.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    public override string ToString() => string.Join('\n', _lines);

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Recorder(LogRecorder log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(' ', pairs) : "";
            var scopes = new List<string>();
            log._scopes?.ForEachScope((scope, list) => list.Add(scope is IEnumerable<KeyValuePair<string, object?>> inner ? string.Join(' ', inner) : $"{scope}"), scopes);
            log._lines.Enqueue($"{logLevel} {category} {formatter(state, exception)} {exception} | {values} | {string.Join(" > ", scopes)}");
        }
    }
}

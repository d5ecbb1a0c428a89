using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Springest.Client.Tests;

/// <summary>Everything that is logged, at every level, scopes and values included.</summary>
public sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(LogLines owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            owner._lines.Enqueue($"scope {category}: {Text(state)}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => owner._lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} | {Text(state)} | {exception}");

        private static string Text(object? state)
            => state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join(", ", values) : $"{state}";
    }
}

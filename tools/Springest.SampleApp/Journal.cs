using Microsoft.Extensions.Logging;

namespace Springest.SampleApp;

/// <summary>Lines that the tests look for in the host's log.</summary>
internal static partial class Journal
{
    [LoggerMessage(1, LogLevel.Information, "journal: {Entry}")]
    public static partial void LogJournal(this ILogger logger, string entry);

    [LoggerMessage(2, LogLevel.Information, "journal: waiting {Request}")]
    public static partial void LogWaiting(this ILogger logger, string request);

    [LoggerMessage(3, LogLevel.Information, "journal: {Function} is cancelled")]
    public static partial void LogCancelled(this ILogger logger, string function);
}

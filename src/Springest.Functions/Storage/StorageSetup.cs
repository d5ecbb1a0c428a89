using Azure;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Springest.Functions.Storage;

/// <summary>
/// Makes the tables and containers that are missing, as a rule before the app starts to work. While storage is away the app starts without,
/// and they are made as soon as it answers.
/// </summary>
public sealed partial class StorageSetup(
    AppStorage storage,
    IEnumerable<RequiredTable> tables,
    IEnumerable<RequiredContainer> containers,
    IEnumerable<IStoragePart> parts,
    TimeProvider time,
    ILogger<StorageSetup> logger) : BackgroundService
{
    // In which storage that is there has answered, however busy: functions that run before their tables are there fail.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isDone;

    /// <summary>Whether all of them are there.</summary>
    public bool IsDone => _isDone;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await Task.WhenAny(_tried.Task, Task.Delay(Patience, time, cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var tries = 0; !await TryCreateAsync(tries, stoppingToken); tries++)
        {
            _tried.TrySetResult();
            await Task.Delay(Pause, time, stoppingToken);
        }

        _tried.TrySetResult();
    }

    private async Task<bool> TryCreateAsync(int tries, CancellationToken cancellationToken)
    {
        try
        {
            // One request tells whether storage is there.
            await storage.Table(tables.First().Name).EnsureAsync(cancellationToken);
            await Task.WhenAll(
            [
                .. tables.Skip(1).Select(table => storage.Table(table.Name).EnsureAsync(cancellationToken)),
                .. containers.Select(container => storage.Container(container.Name).EnsureAsync(cancellationToken)),
                .. parts.Select(part => part.CreateAsync(cancellationToken)),
            ]);
            _isDone = true;
            if (tries > 0)
                Log.Made(logger);
            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            if (tries == 0)
                Log.NotMade(logger, Why(failure));
            return false;
        }
    }

    private static string Why(Exception failure)
        => failure is RequestFailedException { Status: > 0 } refused
            ? $"It answers {refused.Status} ({refused.ErrorCode})."
            : "It does not answer.";

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "The tables and containers cannot be made, because of storage. {Why} Nothing works until they are; the app tries again."
        )]
        public static partial void NotMade(ILogger logger, string why);

        [LoggerMessage(LogLevel.Information, "Storage is there: the tables and containers are made.")]
        public static partial void Made(ILogger logger);
    }
}

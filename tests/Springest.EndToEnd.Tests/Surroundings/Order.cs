using Springest.EndToEnd.Tests.Surroundings;

[assembly: TestCollectionOrderer(typeof(Order))]

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>
/// Of the classes that share the app with a worker for each scale group one begins at once and the others late: all that come while it
/// starts only wait for it.
/// </summary>
internal sealed class Order() : LongestFirst(
    "Processes.TakeOverTests",
    "FunctionTests+WorkerPerScaleGroup",
    "Processes.TelemetryTests",
    "Processes.KillTests",
    "Processes.StopTests",
    "FunctionTests+OneWorker",
    "Processes.LittleMemoryTests",
    "Processes.TodoTests",
    "Processes.QuotaTests",
    "Processes.ResumeAfterKillTests",
    "Processes.ResumeAfterStopTests",
    "Processes.StorageAwayTests",
    "SlowSenderTests+OneWorker",
    "SlowSenderTests+WorkerPerScaleGroup");

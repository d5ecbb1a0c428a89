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
    "Processes.StorageAwayTests",
    "Processes.ResumeTests",
    "Processes.TodoTests",
    "Processes.ReadersTests",
    "Processes.KillTests",
    "Processes.QuotaTests",
    "Processes.SendingTests",
    "Processes.SmokeTests",
    "Processes.LittleMemoryTests",
    "FunctionTests+OneWorker",
    "Processes.StopTests",
    "Processes.WorkerDeathTests",
    "SlowSenderTests+OneWorker",
    "SlowSenderTests+WorkerPerScaleGroup",
    "Processes.PoisonTests");

namespace Springest.Functions.Tests.Telemetry;

/// <summary>
/// Tests that look at what this process exports, so nothing else may run beside them: exporters know meters by name only.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

namespace Springest.Functions.Tests.Telemetry;

/// <summary>
/// Tests that look at what this process exports, so nothing else may run beside them in it: exporters know meters by name only.
/// By the trait, dev.cs runs them in a process of their own.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
[Trait("Process", "Alone")]
public sealed class Alone;

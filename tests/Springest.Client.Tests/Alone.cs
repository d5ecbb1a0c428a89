namespace Springest.Client.Tests;

/// <summary>Tests that measure the process, so nothing else may run beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

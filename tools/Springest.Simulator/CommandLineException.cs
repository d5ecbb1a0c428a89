namespace Springest.Simulator;

/// <summary>The command line cannot be understood; the message says why.</summary>
internal sealed class CommandLineException(string message) : Exception(message);

namespace Springest.LocalHost.Workers;

/// <summary>A function failed, or its worker ended before it did.</summary>
/// <param name="message">Why.</param>
internal sealed class WorkerException(string message) : Exception(message);

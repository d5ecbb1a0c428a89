namespace Springest.Functions.Certificates.Reports;

/// <summary>Why nobody knows what became of a request, or why none was let in, where that is no status of an answer.</summary>
public static class Cause
{
    public const string NoConnection = "no connection";
    public const string NoAnswer = "no answer";
    public const string Vanished = "vanished";
    public const string Restored = "restored";
}

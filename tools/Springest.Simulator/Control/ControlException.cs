namespace Springest.Simulator.Control;

/// <summary>A request below <c>/_simulator</c> that cannot be carried out, and why.</summary>
internal sealed class ControlException(int status, string message) : Exception(message)
{
    public int Status => status;
}

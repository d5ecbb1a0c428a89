namespace Springest.Demo;

/// <summary>Tells a full disk from other failures, by what the system says.</summary>
internal static class DiskFull
{
    private const int NoSpaceOnLinux = 28;
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);

    public static bool Is(IOException problem) => problem.HResult is NoSpaceOnLinux or NoSpaceOnWindows;
}

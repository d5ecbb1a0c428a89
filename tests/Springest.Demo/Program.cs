using System.Globalization;
using System.Runtime.InteropServices;
using Springest.Demo;

const int EndedByCtrlC = 130;

// The output is English, and so are the numbers in it.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

using var stopping = new CancellationTokenSource();
void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopping.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
try
{
    return args switch
    {
        ["demo", "--help" or "-h"] => Help(DemoOptions.Usage),
        ["demo", .. var rest] => await new DemoRun(DemoOptions.Parse(rest)).RunAsync(stopping.Token),
        ["run", "--help" or "-h"] => Help(LocalRunOptions.Usage),
        ["run", .. var rest] => await new LocalRun(LocalRunOptions.Parse(rest)).RunAsync(stopping.Token),
        _ => throw new Stop("Start it by `dotnet dev.cs demo` or `dotnet dev.cs run`."),
    };
}
// Whatever breaks while everything is being ended is no news.
catch (Exception) when (stopping.IsCancellationRequested)
{
    Screen.Complain("Ended before it was done.");
    return EndedByCtrlC;
}
catch (Stop stop)
{
    return Screen.Complain(stop.Message);
}
// What they say is meant for the person at the keyboard.
catch (InvalidOperationException problem) when (problem.Message.StartsWith("Azurite", StringComparison.Ordinal) || problem.Message.StartsWith("The app", StringComparison.Ordinal))
{
    return Screen.Complain(problem.Message);
}
catch (IOException problem) when (DiskFull.Is(problem))
{
    return Screen.Complain($"The disk is full: {problem.Message} Free some space and start again.");
}

static int Help(string usage)
{
    Screen.Say(usage);
    return 0;
}

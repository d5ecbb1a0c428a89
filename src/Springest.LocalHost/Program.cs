using System.Runtime.InteropServices;
using Springest.LocalHost;

using var interrupted = new CancellationTokenSource();
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
try
{
    await using var host = new FunctionsHost(HostSettings.Read(args));
    await host.StartAsync(interrupted.Token);
    Console.WriteLine($"The app listens at {host.Address} and ends with Ctrl-C.");
    throw new HostException(await host.GivenUp.WaitAsync(interrupted.Token));
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return 0;
}
catch (HostException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

// Once: a second Ctrl-C ends the program at once.
void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}

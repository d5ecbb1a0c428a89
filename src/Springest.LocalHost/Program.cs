using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Springest.LocalHost;

using var interrupted = new CancellationTokenSource();
var heard = new ConcurrentDictionary<PosixSignal, bool>();
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

// A second signal of a kind ends the program at once. One Ctrl-C can be two of different kinds: SIGINT from the terminal, and SIGTERM from
// the program that started this one and was interrupted too.
void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = heard.TryAdd(signal.Signal, true);
    interrupted.Cancel();
}

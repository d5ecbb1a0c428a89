using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Springest.LocalHost;
using Springest.LocalHost.Settings;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(Arguments.Usage);
    return 0;
}

using var interrupted = new CancellationTokenSource();
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
try
{
    var arguments = Arguments.Parse(args);
    var file = arguments.Settings is { } path ? LocalSettings.Read(path) : new Dictionary<string, string?>();
    var configuration = new ConfigurationBuilder().AddInMemoryCollection(file).AddEnvironmentVariables()
        .AddInMemoryCollection(arguments.App is { } app ? [KeyValuePair.Create("LocalHost:App", (string?)app)] : []).Build();
    await using var host = await FunctionsHost.StartAsync(configuration, file, arguments.Port, interrupted.Token);
    Console.WriteLine($"The app listens at {host.Address} and ends with Ctrl-C.");
    var interruption = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, interrupted.Token);
    if (await Task.WhenAny(host.GivenUp, interruption) == interruption)
        return 0;
    Console.Error.WriteLine(await host.GivenUp);
    return 1;
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

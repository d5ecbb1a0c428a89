using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Springest.Functions;
using Springest.LocalHost;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(Arguments.Usage);
    return 0;
}

using var interrupted = new CancellationTokenSource();
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
var listening = false;
try
{
    var arguments = Arguments.Parse(args);
    var settings = new ConfigurationBuilder();
    if (arguments.Settings is { } file)
        settings.AddLocalSettings(file);
    await using var host = await FunctionsHost.StartAsync(OptionsFor(settings.AddEnvironmentVariables().Build(), arguments.Port), interrupted.Token);
    listening = true;
    Console.WriteLine($"The app listens at {host.Address} and ends with Ctrl-C.");
    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, interrupted.Token);
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
}
catch (Exception exception) when (StartProblem.Explain(exception) is { } sentences)
{
    Console.Error.WriteLine(sentences);
    return 1;
}

return 0;

// Once: a second Ctrl-C ends the program at once.
void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
}

FunctionsHostOptions OptionsFor(IConfiguration settings, int port) => new()
{
    Assembly = typeof(SpringestFunctions).Assembly,
    Configuration = settings,
    Port = port,
    FunctionKey = settings["LocalHost:FunctionKey"] is { Length: > 0 } key
        ? key
        : throw new FunctionsHostException(
            "The setting LocalHost__FunctionKey is missing. Choose any text; callers show it as ?code= or in the header x-functions-key."),
    MasterKey = settings["LocalHost:MasterKey"],
    ConfigureServices = services => services.AddSpringestFunctions(settings),
    ConfigureLogging = logging => logging
        .AddConfiguration(HostJson.Load(path: null).Logging)
        // Why it could not start is told above, in sentences.
        .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => listening && level >= LogLevel.Information)
        .AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss ")),
};

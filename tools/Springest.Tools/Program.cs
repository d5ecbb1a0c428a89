using System.Globalization;
using System.Runtime.InteropServices;
using Springest.Testing;
using Springest.Tools;
using Springest.Tools.Check;
using Springest.Tools.Demo;
using Springest.Tools.Deploy;
using Springest.Tools.Run;
using Springest.Tools.Webhook;

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
        ["demo", "--help" or "-h" or "-?"] => Help(DemoOptions.Usage),
        ["demo", .. var options] => await new DemoRun(DemoOptions.Parse(options)).RunAsync(stopping.Token),
        ["run", "--func", .. var options] => await FuncCommand.RunAsync(options, stopping.Token),
        ["run", "--help" or "-h" or "-?"] => Help(LocalRunOptions.Usage),
        ["run", .. var options] => await new LocalRun(LocalRunOptions.Parse(options)).RunAsync(stopping.Token),
        ["webhook", "--help" or "-h" or "-?"] => Help(WebhookArguments.Usage),
        ["webhook"] => Help(WebhookArguments.Usage, exitCode: 2),
        ["webhook", .. var options] => await WebhookCommand.RunAsync(WebhookArguments.Parse(options), stopping.Token),
        ["publish"] => await PublishCommand.RunAsync(stopping.Token),
        ["keys", "--help" or "-h" or "-?"] => Help(KeysCommand.Usage),
        ["keys"] => await new KeysCommand(await AzdEnvironment.ReadAsync(), Console.In).AskMissingAsync(stopping.Token),
        ["keys", var name] => await new KeysCommand(await AzdEnvironment.ReadAsync(), Console.In).ReplaceAsync(name, stopping.Token),
        ["access", "--help" or "-h" or "-?"] => Help(AccessCommand.Usage),
        ["access", .. var options] => await AccessCommand.RunAsync(options),
        ["events"] => await new EventsCommand(await AzdEnvironment.ReadAsync(), TimeProvider.System).RunAsync(stopping.Token),
        ["check", "--help" or "-h" or "-?"] => Help(CheckCommand.Usage),
        ["check", .. var options] => await CheckCommand.RunAsync(options, Console.Out, stopping.Token),
        ["smoke", "--help" or "-h" or "-?"] => Help(SmokeCommand.Usage),
        ["smoke", .. var options] => await SmokeCommand.RunAsync(options, stopping.Token),
        _ => throw new UserErrorException("`dotnet dev.cs` lists the commands."),
    };
}
// Whatever breaks while everything is being ended is no news.
catch (Exception) when (stopping.IsCancellationRequested)
{
    Screen.WriteError("Ended before it was done.");
    return EndedByCtrlC;
}
catch (Exception exception) when (exception is UserErrorException or StartException)
{
    return Screen.WriteError(exception.Message);
}
catch (IOException exception) when (Screen.IsDiskFull(exception))
{
    return Screen.WriteError($"The disk is full: {exception.Message} Free some space and start again.");
}

static int Help(string usage, int exitCode = 0)
{
    Screen.Say(usage);
    return exitCode;
}

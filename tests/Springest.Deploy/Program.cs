using System.Globalization;
using Springest.Deploy;
using Springest.Deploy.Check;

// The output is English, and so are the numbers in it.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

const string Usage = """
    dotnet dev.cs publish              the package for Azure, built from Microsoft's packages and checked
    dotnet dev.cs run --func           the app under Azure Functions Core Tools, with Azurite and local.settings.json
    dotnet dev.cs keys [NAME]          asks for the secrets that the key vault lacks; for NAME also if the vault has it
    dotnet dev.cs events               subscribes the deployed app to the files that come into the drop
    dotnet dev.cs check --site nl      compares a real site with docs/springest-api.md, with 40 read requests at most
    dotnet dev.cs smoke --to URL       looks whether a deployed app is well; with its storage, has a file rejected too
    """;

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stopping.Cancel();
};
try
{
    return args switch
    {
        ["publish"] => await PublishCommand.RunAsync(stopping.Token),
        ["run", "--func", .. var options] => await FuncCommand.RunAsync(options, stopping.Token),
        ["keys"] => await new KeysCommand(await AzdEnvironment.ReadAsync(), Console.In).AskMissingAsync(),
        ["keys", var name] => await new KeysCommand(await AzdEnvironment.ReadAsync(), Console.In).ReplaceAsync(name),
        ["smoke", .. var given] => await SmokeCommand.RunAsync(given, stopping.Token),
        ["check", .. var given] => await CheckCommand.RunAsync(given, Console.Out, stopping.Token),
        ["events"] => await new EventsCommand(await AzdEnvironment.ReadAsync(), TimeProvider.System).RunAsync(stopping.Token),
        _ => throw new Stop(Usage),
    };
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    Console.WriteLine("Ended.");
    return 1;
}
catch (Stop stop)
{
    Console.Error.WriteLine(stop.Message);
    return 1;
}

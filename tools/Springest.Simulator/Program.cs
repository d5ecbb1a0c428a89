using Springest.Simulator;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

try
{
    await using var simulator = await SimulatorServer.StartAsync(CommandLine.Read(args));
    Console.WriteLine($"The simulator listens on {simulator.Address}. {simulator.Address}_simulator says how to steer it. Ctrl-C ends it.");
    await simulator.WaitForShutdownAsync();
    return 0;
}
catch (CommandLineException wrong)
{
    Console.Error.WriteLine($"{wrong.Message}\n\n{CommandLine.Help}");
    return 2;
}
catch (IOException taken)
{
    Console.Error.WriteLine($"The simulator cannot listen: {taken.Message}");
    return 1;
}

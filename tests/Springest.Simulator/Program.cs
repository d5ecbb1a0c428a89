using Springest.Simulator;

await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 3000, Port = 5080 });
Console.WriteLine($"The simulator listens on {simulator.Address}.");
await simulator.WaitForShutdownAsync();

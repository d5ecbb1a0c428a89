Console.WriteLine("Springest.Simulator");

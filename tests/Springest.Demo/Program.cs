Console.WriteLine("Springest.LocalHost");

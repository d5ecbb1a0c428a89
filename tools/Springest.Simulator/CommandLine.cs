using System.Globalization;
using System.Net;

namespace Springest.Simulator;

/// <summary>The program's command line.</summary>
internal static class CommandLine
{
    public const string Help = """
        Usage: Springest.Simulator [--option VALUE]...
          --port N                      port on the loopback address; 0 takes a free one (5080)
          --seed N                      seed of the generated catalogue (1)
          --trainings N                 trainings to generate (300)
          --subjects N                  subjects to generate (100)
          --certifications N            certifications to generate (10)
          --api-key KEY                 the general key (simulator-key)
          --certifications-api-key KEY  another key for certifications and certificates (none)
        """;

    public static SimulatorOptions Read(string[] args)
    {
        var options = new SimulatorOptions { Port = 5080 };
        // "--name=value" is the same as "--name value".
        var words = args.SelectMany(arg => arg.StartsWith("--", StringComparison.Ordinal) ? arg.Split('=', 2) : [arg]).ToArray();
        for (var index = 0; index < words.Length; index += 2)
        {
            if (index + 1 == words.Length)
                throw new CommandLineException($"{words[index]} needs a value.");
            options = Apply(options, words[index], words[index + 1]);
        }

        return options;
    }

    private static SimulatorOptions Apply(SimulatorOptions options, string name, string value) => name switch
    {
        "--port" => options with { Port = Number(name, value, IPEndPoint.MaxPort) },
        "--seed" => options with { Seed = Number(name, value) },
        "--trainings" => options with { Trainings = Number(name, value) },
        "--subjects" => options with { Subjects = Number(name, value) },
        "--certifications" => options with { Certifications = Number(name, value) },
        "--api-key" => options with { ApiKey = Key(name, value) },
        "--certifications-api-key" => options with { CertificationsApiKey = Key(name, value) },
        _ => throw new CommandLineException($"There is no option {name}."),
    };

    private static int Number(string name, string value, int highest = int.MaxValue)
        => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= highest
            ? number
            : throw new CommandLineException($"{name} should be a whole number from 0 to {highest}, not {value}.");

    private static string Key(string name, string value)
        => !string.IsNullOrWhiteSpace(value) ? value : throw new CommandLineException($"{name} should not be empty.");
}

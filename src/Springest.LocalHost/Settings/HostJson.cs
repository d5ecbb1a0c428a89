using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Springest.LocalHost.Settings;

/// <summary>What the host heeds of host.json; the platform's defaults for what the file leaves out.</summary>
internal sealed record HostJson
{
    private HostJson(IConfiguration json) => Json = json;

    /// <summary>The whole file; the trigger packages take their sections of it by themselves.</summary>
    public IConfiguration Json { get; }

    /// <summary>What the addresses of functions begin with.</summary>
    public required string RoutePrefix { get; init; }

    /// <summary>How long a function may run before it is cancelled.</summary>
    public required TimeSpan FunctionTimeout { get; init; }

    /// <summary>Reads the file of a published app.</summary>
    /// <exception cref="HostException">It cannot be read, or is not what it should be.</exception>
    public static HostJson Load(string folder)
    {
        var file = Path.Combine(folder, "host.json");
        try
        {
            var json = new ConfigurationBuilder().AddJsonFile(file).Build();
            return new(json) { RoutePrefix = json["extensions:http:routePrefix"] ?? "api", FunctionTimeout = Timeout(json, file) };
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException)
        {
            throw new HostException($"{file} cannot be read. {exception.InnerException?.Message ?? exception.Message}", exception);
        }
    }

    private static TimeSpan Timeout(IConfiguration json, string file) => json["functionTimeout"] switch
    {
        null => TimeSpan.FromMinutes(30),
        "-1" => System.Threading.Timeout.InfiniteTimeSpan,
        var text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero => time,
        var text => throw new HostException($"{file}: functionTimeout is '{text}' but must be a time such as 00:10:00, or -1 for no limit."),
    };
}

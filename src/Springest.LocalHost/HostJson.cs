using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Springest.LocalHost;

/// <summary>What the host heeds of host.json; the platform's defaults for what the file leaves out.</summary>
internal sealed record HostJson
{
    public string RoutePrefix { get; private init; } = "api";

    /// <summary>How long a function may run before its token is cancelled.</summary>
    public TimeSpan FunctionTimeout { get; private init; } = TimeSpan.FromMinutes(30);

    /// <summary>How many blobs are worked on at a time, by all functions together.</summary>
    public int MaxDegreeOfParallelism { get; private init; } = 8 * Environment.ProcessorCount;

    /// <summary>How often a blob is tried before it counts as poison.</summary>
    public int PoisonBlobThreshold { get; private init; } = 5;

    /// <summary>The section <c>logging</c>, with the levels.</summary>
    public IConfiguration Logging { get; private init; } = new ConfigurationBuilder().Build();

    /// <summary>Reads the file; null reads the one beside the program, if there is one.</summary>
    public static HostJson Load(string? path)
    {
        var file = path ?? Path.Combine(AppContext.BaseDirectory, "host.json");
        if (path is null && !File.Exists(file))
            return new HostJson();

        try
        {
            return Read(new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file), optional: false).Build(), file);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new FunctionsHostException($"{file} cannot be read. {exception.InnerException?.Message ?? exception.Message}", exception);
        }
    }

    private static HostJson Read(IConfiguration json, string file)
    {
        var defaults = new HostJson();
        return new HostJson
        {
            RoutePrefix = json["extensions:http:routePrefix"]?.Trim('/') ?? defaults.RoutePrefix,
            FunctionTimeout = Timeout("functionTimeout", defaults.FunctionTimeout),
            MaxDegreeOfParallelism = Count("extensions:blobs:maxDegreeOfParallelism", defaults.MaxDegreeOfParallelism),
            PoisonBlobThreshold = Count("extensions:blobs:poisonBlobThreshold", defaults.PoisonBlobThreshold),
            Logging = json.GetSection("logging"),
        };

        TimeSpan Timeout(string name, TimeSpan standard) => json[name] switch
        {
            null => standard,
            "-1" => System.Threading.Timeout.InfiniteTimeSpan,
            var text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero => time,
            var text => throw Wrong(name, text, "a time such as 00:10:00, or -1 for no limit"),
        };

        int Count(string name, int standard) => json[name] switch
        {
            null => standard,
            var text when int.TryParse(text, CultureInfo.InvariantCulture, out var count) && count > 0 => count,
            var text => throw Wrong(name, text, "a whole number of 1 or more"),
        };

        FunctionsHostException Wrong(string name, string value, string allowed)
            => new($"{file}: {name.Replace(':', '.')} is '{value}' but must be {allowed}.");
    }
}

using System.Globalization;

namespace Springest.Testing;

/// <summary>Environment variables by which a person repeats a run, or makes it longer.</summary>
public static class Variable
{
    public static int Number(string name, int usual)
        => int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{usual}", CultureInfo.InvariantCulture);

    /// <summary>The seed to repeat, or as many as usual from a random one on.</summary>
    public static IEnumerable<int> Seeds(string name, int usual)
    {
        var first = Number(name, Random.Shared.Next(1_000_000_000));
        return Enumerable.Range(first, Environment.GetEnvironmentVariable(name) is null ? usual : 1);
    }
}

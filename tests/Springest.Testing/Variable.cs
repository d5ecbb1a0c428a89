using System.Globalization;

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>Environment variables by which a person repeats a run, or makes it longer.</summary>
internal static class Variable
{
    public static int Number(string name, int usual)
        => int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{usual}", CultureInfo.InvariantCulture);
}

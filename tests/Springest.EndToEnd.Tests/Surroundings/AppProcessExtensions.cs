using System.Globalization;
using System.Text.RegularExpressions;
using Springest.Testing;

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>What the output of an instance tells.</summary>
internal static partial class AppProcessExtensions
{
    /// <summary>How often a function has begun to run in this instance so far.</summary>
    public static int Runs(this AppProcess instance, string function)
        => Regex.Count(instance.Said(), $@"Executing 'Functions\.{function}'");

    /// <summary>The processes of its workers, dead ones too.</summary>
    public static IReadOnlyList<int> Workers(this AppProcess instance)
        => [.. ReadyWorker().Matches(instance.Said()).Select(ready => int.Parse(ready.Groups["id"].Value, CultureInfo.InvariantCulture))];

    /// <summary>Everything that it has said so far.</summary>
    public static string Said(this AppProcess instance)
    {
        using var log = new StreamReader(new FileStream(instance.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return log.ReadToEnd();
    }

    [GeneratedRegex(@"Worker process (?<id>\d+) is ready")]
    private static partial Regex ReadyWorker();
}

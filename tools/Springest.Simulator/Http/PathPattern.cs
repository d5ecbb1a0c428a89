namespace Springest.Simulator.Http;

/// <summary>A path with named parts, such as <c>trainings/:id/bookings</c>.</summary>
internal sealed class PathPattern(string pattern)
{
    private readonly string[] _segments = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The named parts of a path; null if it is another's.</summary>
    public Dictionary<string, string>? Match(string[] path)
    {
        if (path.Length != _segments.Length)
            return null;
        var values = new Dictionary<string, string>();
        foreach (var (expected, actual) in _segments.Zip(path))
        {
            if (expected.StartsWith(':'))
                values[expected[1..]] = actual;
            else if (expected != actual)
                return null;
        }

        return values;
    }
}

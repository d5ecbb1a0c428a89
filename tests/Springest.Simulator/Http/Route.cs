namespace Springest.Simulator.Http;

/// <summary>An endpoint: <c>new("GET", "trainings/:id", Feature.Catalogue, TrainingEndpoints.Show)</c>.</summary>
internal sealed record Route(string Method, string Pattern, Feature Feature, Func<Call, Task<Reply>> Handle)
{
    private readonly string[] _segments = Pattern.Split('/');

    public Route(string method, string pattern, Feature feature, Func<Call, Reply> handle)
        : this(method, pattern, feature, call => Task.FromResult(handle(call)))
    {
    }

    /// <summary>The named parts of the path; null if the path is another's.</summary>
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

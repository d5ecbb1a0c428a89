using Springest.Simulator.Keys;

namespace Springest.Simulator.Http;

/// <summary>An endpoint: <c>new("GET", "trainings/:id", Feature.Catalogue, TrainingEndpoints.Show)</c>.</summary>
internal sealed record Route(string Method, string Pattern, Feature Feature, Func<Call, Task<Reply>> Handle)
{
    private readonly PathPattern _pattern = new(Pattern);

    public Route(string method, string pattern, Feature feature, Func<Call, Reply> handle)
        : this(method, pattern, feature, call => Task.FromResult(handle(call)))
    {
    }

    /// <summary>Answered only where <see cref="Behaviours.Behaviour.LegacyRoutes"/> is set.</summary>
    public bool Legacy { get; init; }

    public Dictionary<string, string>? Match(string[] path) => _pattern.Match(path);
}

using System.Text.Json.Serialization;
using Springest.Simulator.Recording;

namespace Springest.Simulator.Behaviours;

/// <summary>An answer that goes wrong on purpose. It applies to requests for which everything that is set holds.</summary>
public sealed class Fault
{
    private readonly Lock _lock = new();
    private Random? _random;

    /// <summary>What goes wrong.</summary>
    public FaultKind Kind { get; init; } = FaultKind.Answer;

    /// <summary>Method of the requests; null: any.</summary>
    public string? Method { get; init; }

    /// <summary>Beginning of the path of the requests, such as <c>/trainings</c>; null: any.</summary>
    public string? Path { get; init; }

    /// <summary>Any other condition.</summary>
    [JsonIgnore]
    public Func<RecordedRequest, bool>? When { get; init; }

    /// <summary>How many requests it still applies to; null: all.</summary>
    public int? Times { get; set; }

    /// <summary>The share of requests that it applies to, 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Seed of the draws of <see cref="Probability"/>.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Whether the request is carried out before it goes wrong.</summary>
    public bool AfterHandling { get; init; }

    /// <summary>Status of the answer.</summary>
    public int Status { get; init; } = 500;

    /// <summary>Body of the answer; null: the usual error body of that status.</summary>
    public string? Body { get; init; }

    /// <summary>Content type of <see cref="Body"/>.</summary>
    public string ContentType { get; init; } = "application/json; charset=utf-8";

    /// <summary>Headers of the answer, such as <c>Retry-After</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    internal bool Takes(RecordedRequest request)
    {
        if (Method is not null && !Method.Equals(request.Method, StringComparison.OrdinalIgnoreCase))
            return false;
        if (Path is not null && !request.Path.StartsWith(Path, StringComparison.Ordinal))
            return false;
        if (When?.Invoke(request) == false)
            return false;
        lock (_lock)
        {
            if (Times == 0 || (Probability < 1 && (_random ??= new Random(Seed)).NextDouble() >= Probability))
                return false;
            Times--;
            return true;
        }
    }
}

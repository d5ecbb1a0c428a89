namespace Springest.Simulator.Data;

/// <summary>The data that is served. Safe to use from several threads, and to change while requests are answered.</summary>
public sealed class Catalogue(TimeProvider clock)
{
    private long _lastDateplaceId = 8_800_000;

    /// <summary>Trainings (docs/springest-api.md, section 8.2).</summary>
    public RecordSet Trainings { get; } = new("trainings", "training", clock);

    /// <summary>Institutes (docs/springest-api.md, section 8.4).</summary>
    public RecordSet Institutes { get; } = new("institutes", "institute", clock);

    /// <summary>Categories (docs/springest-api.md, section 8.5).</summary>
    public RecordSet Categories { get; } = new("categories", "category", clock);

    /// <summary>Subjects (docs/springest-api.md, section 8.6).</summary>
    public RecordSet Subjects { get; } = new("subjects", "subject", clock);

    /// <summary>Certifications (docs/springest-api.md, section 8.13); hidden ones are those not verified.</summary>
    public RecordSet Certifications { get; } = new("certifications", "certification", clock);

    /// <summary>Reviews (docs/springest-api.md, section 8.7).</summary>
    public RecordSet Reviews { get; } = new("reviews", "review", clock);

    /// <summary>All of them.</summary>
    public IReadOnlyList<RecordSet> Sets => [Trainings, Institutes, Categories, Subjects, Certifications, Reviews];

    /// <summary>The set of that name.</summary>
    /// <returns>Null if there is none.</returns>
    public RecordSet? this[string name] => Sets.FirstOrDefault(set => set.Name == name);

    /// <summary>
    /// Makes changes to trainings, the same for the same seed and catalogue: of ten about seven updates, two additions and
    /// one removal.
    /// </summary>
    /// <returns>The changes in order, ready to be sent by webhook.</returns>
    public IReadOnlyList<Change> RandomChanges(int seed, int count) => new CatalogueChanger(this, clock, seed).Make(count);

    /// <summary>An id for a starting date that is written by request.</summary>
    internal long NextDateplaceId() => Interlocked.Increment(ref _lastDateplaceId);
}

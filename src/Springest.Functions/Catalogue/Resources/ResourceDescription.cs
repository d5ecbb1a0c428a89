using Springest.Client;

namespace Springest.Functions.Catalogue.Resources;

/// <summary>All that the mirror needs to know about one resource of the API.</summary>
public sealed record ResourceDescription
{
    /// <summary>As its table, keys, settings and logs call it: <c>Trainings</c>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The list's path, <c>trainings</c>. A single record is at <c>{Path}/{id}</c>, unless there is a <see cref="Parent"/>.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>Sent with every request for the list.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    public SpringestKey Key { get; init; } = SpringestKey.General;

    /// <summary>The filter that lists only what changed since a day; null if the list knows none.</summary>
    public string? ModifiedFrom { get; init; }

    /// <summary>Default of the setting <see cref="ResourceOptions.Schedule"/>: as often as something can be due.</summary>
    public string Schedule { get; init; } = new ResourceOptions().Schedule;

    /// <summary>Default of the setting <see cref="ResourceOptions.FullPassInterval"/>.</summary>
    public TimeSpan FullPassInterval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Default of the setting <see cref="ResourceOptions.DeltaInterval"/>.</summary>
    public TimeSpan? DeltaInterval { get; init; }

    /// <summary>
    /// False if the API gives this resource only as a list, so that absence from every whole list of two days, and three at least, is all
    /// the proof there is.
    /// </summary>
    public bool CanLookUp { get; init; } = true;

    /// <summary>For records that have no address of their own: what they are listed under.</summary>
    public ParentResource? Parent { get; init; }

    /// <summary>
    /// The fields that are known (docs/springest-api.md, section 8), those of objects and lists as <c>institute.name</c> and
    /// <c>subjects[].name</c>.
    /// </summary>
    public required IReadOnlySet<string> Fields { get; init; }

    /// <summary>
    /// Fields at the top of a record that are about people: they leave it when it is deleted, or when somebody is to be forgotten.
    /// </summary>
    public IReadOnlyList<string> PersonalFields { get; init; } = [];

    /// <summary>The typed columns beside the verbatim record.</summary>
    public required IReadOnlyList<Column> Columns { get; init; }

    /// <summary>The columns of <see cref="PersonalFields"/>.</summary>
    public IEnumerable<Column> PersonalColumns
        => Columns.Where(column => PersonalFields.Any(name => column.Source == $"`{name}`"));
}

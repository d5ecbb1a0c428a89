namespace Springest.Functions.Privacy;

/// <summary>What a feature holds about people. Each feature registers its own.</summary>
public interface IPersonalData
{
    /// <summary>Finds what is about somebody, and can still be read as such. What is left for good says nothing about anybody.</summary>
    IAsyncEnumerable<PersonalRecord> FindAsync(PersonText person, CancellationToken cancellationToken);

    /// <summary>Removes a record, or whatever it says about a person. Safe to repeat.</summary>
    /// <param name="record">What <see cref="FindAsync"/> found, or what a person names by its kind and id.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Null if this feature has no such records.</returns>
    Task<ErasureOutcome?> ForgetAsync(RecordName record, CancellationToken cancellationToken);

    /// <summary>What is not removed at once, or cannot be searched, and until when it is there; nothing unless a feature says so.</summary>
    /// <param name="erased">When the rest was removed.</param>
    IReadOnlyList<RemainingData> ListRemaining(DateTimeOffset erased) => [];
}

/// <summary>What remains for a while after an erasure.</summary>
/// <param name="What">What it is.</param>
/// <param name="Until">When the last of it is gone; null if nobody knows.</param>
/// <param name="IsSearched">Whether it was found and deleted; otherwise nobody knows whether it is about the person.</param>
public sealed record RemainingData(string What, DateTimeOffset? Until, bool IsSearched)
{
    /// <summary>For how long deleted blobs can be restored (infra/modules/storage.bicep).</summary>
    public static readonly TimeSpan SoftDelete = TimeSpan.FromDays(7);

    /// <summary>
    /// For how long at most there is something left of a blob whose versions the app may not remove. Deleted, it is an earlier version of
    /// itself; a daily rule removes it when it is older than a day, and only then soft delete begins.
    /// </summary>
    public static readonly TimeSpan Removal = TimeSpan.FromDays(2) + SoftDelete;
}

/// <summary>Names a record: <c>certificate:nl/0f3a...</c>, <c>review:nl/77</c>.</summary>
/// <param name="Kind">The kind, as in docs/privacy.md.</param>
/// <param name="Id">What it is found by.</param>
public readonly record struct RecordName(string Kind, string Id)
{
    // No kind has a longer one: a blob's name has up to 1,024 letters, and before it stand the container and the version.
    private const int MostLetters = 1_200;

    public override string ToString() => $"{Kind}:{Id}";

    public static RecordName? Parse(string text)
        => text.Length <= MostLetters && text.IndexOf(':', StringComparison.Ordinal) is > 0 and var end && end < text.Length - 1
            ? new RecordName(text[..end], text[(end + 1)..])
            : null;
}

/// <summary>A record that is about somebody.</summary>
/// <param name="Name">Which one.</param>
/// <param name="What">What it is, for whoever decides: a state, a file's name, a training.</param>
/// <param name="IsCertain">Whether it names the person beyond doubt: then it is removed with the address, otherwise only by its id.</param>
/// <param name="IsSearched">False if storage does not give its content, so that nobody knows whether it names the person.</param>
public sealed record PersonalRecord(RecordName Name, string What, bool IsCertain, bool IsSearched = true);

/// <summary>What became of a record.</summary>
public enum ErasureOutcome
{
    /// <summary>It says nothing about the person any more.</summary>
    Removed,

    /// <summary>It is being worked on, and comes later.</summary>
    Later,

    /// <summary>It is not there.</summary>
    Absent,
}

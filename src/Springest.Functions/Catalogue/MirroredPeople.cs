using System.Globalization;
using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Catalogue.Store;
using Springest.Functions.Privacy;
using Springest.Functions.Sites;

namespace Springest.Functions.Catalogue;

/// <summary>
/// People in mirrored records, such as the authors of reviews. Their words are taken out of the record, and stay out while Springest still
/// has them; snapshots are written anew.
/// </summary>
public sealed class MirroredPeople(SpringestClients clients, CatalogueStore store) : IPersonalData
{
    // Until the timer of every list has ticked once more.
    private static readonly TimeSpan _nextRun = TimeSpan.FromMinutes(15);

    private static IEnumerable<ResourceDescription> Resources
        => MirroredResources.All.Where(resource => resource.PersonalFields.Count > 0);

    public async IAsyncEnumerable<PersonalRecord> FindAsync(
        PersonText person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var scope in clients.Sites.SelectMany(site => Resources.Select(resource => new MirrorScope(site, resource))))
        {
            var records = store.Reader(scope);
            string[] columns = [.. scope.Resource.PersonalColumns.Select(column => column.Name)];
            await foreach (var page in records.ScanAsync("", institute: null, columns).WithCancellation(cancellationToken))
            {
                foreach (var row in page.Values.Where(RecordEntity.IsRecord))
                {
                    var texts = columns.Select(row.GetString).OfType<string>().ToList();
                    // A column has no more than the beginning of a long text.
                    if (texts.Exists(text => text.Length >= Column.MaxLength - 1))
                        texts.Add(await ReadAsync(records, row, cancellationToken));
                    if (texts.Exists(person.IsIn))
                        yield return new PersonalRecord(
                            NameOf(scope, RecordEntity.IdOf(row)), texts[0], IsCertain: true);
                }
            }
        }
    }

    public async Task<ErasureOutcome?> ForgetAsync(RecordName record, CancellationToken cancellationToken)
    {
        if (Resources.FirstOrDefault(resource => KindOf(resource) == record.Kind) is not { } resource)
            return null;
        if (record.Id.Split('/') is not [var site, var text] || !clients.Sites.Contains(site)
            || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return ErasureOutcome.Absent;
        var scope = new MirrorScope(site, resource);
        // Before the row: a stop in between leaves one snapshot too many, and not one too few.
        await store.Commands(scope).EnqueueAsync(SyncCommand.Snapshot, by: null, cancellationToken);
        if (!await store.Writer(scope).EraseAsync(id, cancellationToken))
            return ErasureOutcome.Absent;
        await store.Commands(scope).EnqueueAsync(SyncCommand.Snapshot, by: null, cancellationToken);
        return ErasureOutcome.Removed;
    }

    public IReadOnlyList<RemainingData> ListRemaining(DateTimeOffset erased)
        =>
        [
            new("snapshots of reviews, which are replaced with the next run of their timer", erased + _nextRun, IsSearched: true),
            new(
                "deleted snapshots and large records of reviews, until the storage account forgets them (earlier versions, soft delete)",
                erased + _nextRun + RemainingData.Removal, IsSearched: true),
        ];

    private static async Task<string> ReadAsync(RecordReader records, TableEntity row, CancellationToken cancellationToken)
        => await records.FindAsync(RecordEntity.IdOf(row), cancellationToken) is { } whole
            ? $"{(await records.ReadJsonAsync(whole, cancellationToken)).Json}"
            : "";

    // reviews: review.
    private static string KindOf(ResourceDescription resource) => resource.Path.TrimEnd('s');

    private static RecordName NameOf(MirrorScope scope, long id)
        => new(KindOf(scope.Resource), string.Create(CultureInfo.InvariantCulture, $"{scope.Site}/{id}"));
}

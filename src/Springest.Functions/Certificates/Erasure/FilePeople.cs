using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Metadata;
using Springest.Functions.Privacy;

namespace Springest.Functions.Certificates.Erasure;

/// <summary>
/// People in the names, the metadata, the sidecars and the lists of the containers: files that the ledger says nothing of any more, or not
/// yet, and earlier versions.
/// </summary>
public sealed class FilePeople(
    CertificateContainers containers, CertificateLedger ledger, LedgerIndex index, LedgerKeys keys, CertificateFiles files,
    BlobServiceClient blobs) : IPersonalData
{
    private const string Kind = "file";

    // An earlier version of a file, whose name another person's file may have by now.
    private const string VersionKind = "version";

    // Each that is searched is read, in two requests.
    private const int Parallelism = 8;

    // The platform's own, see docs/privacy.md.
    private const string HostContainer = "azure-webjobs-hosts";
    private const string Receipts = "blobreceipts/";
    private const string DeadLetters = "dead-letters";

    // For how long storage keeps parts that nobody has put together.
    private static readonly TimeSpan _uncommitted = TimeSpan.FromDays(7);

    private BlobContainerClient[] All => [containers.Drop, containers.Accepted, containers.Rejected];

    public async IAsyncEnumerable<PersonalRecord> FindAsync(
        PersonText person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = await KnownAsync(person, cancellationToken);
        foreach (var container in All)
        {
            var all = container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.Version, null, cancellationToken);
            await foreach (var some in all.Chunk(Parallelism))
            {
                foreach (var (blob, isIn, isWhose) in await Task.WhenAll(some.Select(blob => SearchAsync(container, blob))))
                {
                    if (isIn is not false || person.MayBeIn(blob.Name))
                        yield return new PersonalRecord(NameOf(container, blob), blob.Name, isIn is true && isWhose, isIn is not null);
                }
            }
        }

        await foreach (var trace in FindTracesAsync(person, cancellationToken))
            yield return trace;

        async Task<(BlobItem Blob, bool? IsIn, bool IsWhose)> SearchAsync(BlobContainerClient container, BlobItem blob)
        {
            var isCertain = NamedPeople.IsAbout(blob.Name, person)
                || blob.Metadata.Values.Any(value => person.IsIn(value) || known.Contains(value))
                || known.Contains(DroppedFile.From(blob).Id);
            if (isCertain || !IsSearched(container, blob.Name))
                return (blob, isCertain, IsWhose: true);
            var client = ClientOf(container, blob);
            var isIn = await IsInContentAsync(client, person, cancellationToken);
            return (blob, isIn, isIn is not true || Manifest.IsOne(NamedPeople.FileOf(blob.Name))
                || await IsWhoseAsync(client, blob.Name, person, cancellationToken));
        }
    }

    public async Task<ErasureOutcome?> ForgetAsync(RecordName record, CancellationToken cancellationToken)
    {
        if (record.Kind is not (Kind or VersionKind))
            return null;
        var parts = record.Id.Split('/', record.Kind == Kind ? 2 : 3);
        if (parts is not [.., { Length: > 0 } container, { Length: > 0 } name] || !DroppedFile.IsAddressable(name))
            return ErasureOutcome.Absent;
        var isOurs = All.Any(each => each.Name == container);
        if (!isOurs && container != DeadLetters
            && !(container == HostContainer && name.StartsWith(Receipts, StringComparison.Ordinal)))
            return ErasureOutcome.Absent;
        var client = blobs.GetBlobContainerClient(container);
        if (record.Kind == VersionKind)
            return Outcome(await RemoveVersionAsync(client.GetBlobClient(name).WithVersion(parts[0]), cancellationToken));
        // A list that is at work tells its files apart from others; it is moved when they are done.
        if (container == containers.Drop.Name && Manifest.IsOne(name) && await client.GetBlobClient(name).ExistsAsync(cancellationToken))
            return ErasureOutcome.Later;
        var file = isOurs ? await files.FileOfAsync(client, name, cancellationToken) : name;
        return Outcome(await files.RemoveAsync(client, file, name, cancellationToken));
    }

    public IReadOnlyList<RemainingData> ListRemaining(DateTimeOffset erased) =>
    [
        new("deleted files, until the storage account forgets them (soft delete)", erased + RemainingData.SoftDelete, IsSearched: true),
        new("parts of uploads that were broken off (storage gives them to nobody)", erased + _uncommitted, IsSearched: false),
        new("contents of PDFs and other documents (only what is said about them is searched)", null, IsSearched: false),
    ];

    private static ErasureOutcome Outcome(bool isRemoved) => isRemoved ? ErasureOutcome.Removed : ErasureOutcome.Absent;

    private static async Task<bool> RemoveVersionAsync(BlobBaseClient version, CancellationToken cancellationToken)
    {
        try
        {
            return await version.DeleteIfExistsAsync(cancellationToken: cancellationToken);
        }
        // A person mistyped it: no version is called so.
        catch (RequestFailedException e) when (e.Status == 400)
        {
            return false;
        }
    }

    private static bool IsEarlier(BlobItem blob) => blob.VersionId is not null && blob.IsLatestVersion is not true;

    private static BlobClient ClientOf(BlobContainerClient container, BlobItem blob)
        => IsEarlier(blob) ? container.GetBlobClient(blob.Name).WithVersion(blob.VersionId) : container.GetBlobClient(blob.Name);

    private static RecordName NameOf(BlobContainerClient container, BlobItem blob)
        => IsEarlier(blob)
            ? new(VersionKind, $"{blob.VersionId}/{container.Name}/{blob.Name}")
            : new(Kind, $"{container.Name}/{blob.Name}");

    // Lists and their reports everywhere. What lies beside an accepted file goes with it: the ledger knows whose it is. Whose a refused
    // one is it may not know: nobody could read the sidecar, or the ledger was restored.
    private bool IsSearched(BlobContainerClient container, string name)
        => Manifest.IsOne(NamedPeople.FileOf(name))
            || (container.Name != containers.Accepted.Name && name.EndsWith(".json", StringComparison.OrdinalIgnoreCase));

    /// <summary>The ids of files that the ledger knows the person by, also where only stubs are left.</summary>
    private async Task<HashSet<string>> KnownAsync(PersonText person, CancellationToken cancellationToken)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        if (person.Email is null)
            return known;
        var hash = (await keys.GetAsync(cancellationToken)).Person(person.Email);
        foreach (var site in ledger.Sites)
            known.UnionWith(await index.OfPersonAsync(site, hash, cancellationToken).ToListAsync(cancellationToken));
        return known;
    }

    private async IAsyncEnumerable<PersonalRecord> FindTracesAsync(
        PersonText person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var receipts = blobs.GetBlobContainerClient(HostContainer);
        await foreach (var blob in ListAsync(receipts, Receipts, cancellationToken))
        {
            if (NamedPeople.IsAbout(blob.Name, person))
                yield return new PersonalRecord(new RecordName(Kind, $"{receipts.Name}/{blob.Name}"), blob.Name, IsCertain: true);
        }

        var letters = blobs.GetBlobContainerClient(DeadLetters);
        await foreach (var blob in ListAsync(letters, null, cancellationToken))
        {
            var isIn = await IsInContentAsync(letters.GetBlobClient(blob.Name), person, cancellationToken);
            if (isIn is not false)
                yield return new PersonalRecord(
                    new RecordName(Kind, $"{letters.Name}/{blob.Name}"), blob.Name, isIn is true, isIn is not null);
        }
    }

    // Neither container is there before the host, or the topic, has made it.
    private static async IAsyncEnumerable<BlobItem> ListAsync(
        BlobContainerClient container, string? prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await container.ExistsAsync(cancellationToken))
            yield break;
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken))
            yield return blob;
    }

    /// <returns>Null if storage does not give the content.</returns>
    private static async Task<bool?> IsInContentAsync(BlobClient blob, PersonText person, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await blob.OpenReadAsync(cancellationToken: cancellationToken);
            return await PersonSearch.IsInAsync(content, person, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return false;
        }
        catch (RequestFailedException e) when (BlobRefusedException.Is(e))
        {
            return null;
        }
    }

    // The file goes with its sidecar or report. If they say that it is another person's, this one is only mentioned.
    private static async Task<bool> IsWhoseAsync(BlobClient blob, string name, PersonText person, CancellationToken cancellationToken)
    {
        if (person.Email is null)
            return true;
        try
        {
            // One byte more than is allowed, so that a larger one counts as unreadable.
            var range = new BlobDownloadOptions { Range = new HttpRange(0, MetadataReader.MaxSidecarSize + 1) };
            var json = (await blob.DownloadContentAsync(range, cancellationToken)).Value.Content.ToMemory();
            return MetadataReader.Parse(name, json).Fields?.Email is not { } said || person.IsEmail(said);
        }
        catch (JsonException)
        {
            return true;
        }
    }
}

using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Privacy;

namespace Springest.Functions.Certificates.Erasure;

/// <summary>
/// People in the names, the metadata and the lists of the containers: files that the ledger says nothing of any more, or not yet.
/// </summary>
public sealed class FilePeople(
    CertificateContainers containers, CertificateLedger ledger, LedgerIndex index, LedgerKeys keys, BlobServiceClient blobs) : IPersonalData
{
    private const string Kind = "file";

    // Of a list, however much of it a bad one unpacks to.
    private const int MostSearched = 64 * 1024 * 1024;

    // The platform's own, see docs/privacy.md.
    private const string HostContainer = "azure-webjobs-hosts";
    private const string Receipts = "blobreceipts/";
    private const string DeadLetters = "dead-letters";

    public async IAsyncEnumerable<PersonalRecord> FindAsync(
        PersonText person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var known = await KnownAsync(person, cancellationToken);
        foreach (var container in (BlobContainerClient[])[containers.Drop, containers.Accepted, containers.Rejected])
        {
            await foreach (var blob in container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, null, cancellationToken))
            {
                var isCertain = IsAbout(blob, person, known)
                    || (IsList(blob.Name) && await IsInListAsync(container.GetBlobClient(blob.Name), person, cancellationToken));
                if (isCertain || person.MayBeIn(blob.Name))
                    yield return new PersonalRecord(new RecordName(Kind, $"{container.Name}/{blob.Name}"), blob.Name, isCertain);
            }
        }

        await foreach (var trace in FindTracesAsync(person, cancellationToken))
            yield return trace;
    }

    public async Task<ErasureOutcome?> ForgetAsync(RecordName record, CancellationToken cancellationToken)
    {
        if (record.Kind != Kind)
            return null;
        var end = record.Id.IndexOf('/', StringComparison.Ordinal);
        var (container, name) = (record.Id[..Math.Max(0, end)], record.Id[(end + 1)..]);
        string[] ours = [containers.Drop.Name, containers.Accepted.Name, containers.Rejected.Name, DeadLetters];
        var isOurs = ours.Contains(container) || (container == HostContainer && name.StartsWith(Receipts, StringComparison.Ordinal));
        if (!isOurs || !DroppedFile.IsAddressable(name))
            return ErasureOutcome.Absent;
        // A list that is at work tells its files apart from others; it is moved when they are done.
        if (container == containers.Drop.Name && Manifest.IsOne(name))
            return ErasureOutcome.Later;
        await CertificateFiles.RemoveWithReportsAsync(blobs.GetBlobContainerClient(container), name, cancellationToken);
        return ErasureOutcome.Removed;
    }

    public IReadOnlyList<RemainingData> ListRemaining(DateTimeOffset erased) =>
    [
        new("removed files, until the storage account forgets them (soft delete)", erased.AddDays(7)),
        new("messages about files that the app could not take (queue webjobs-blobtrigger-poison)", erased.AddDays(7)),
    ];

    private static bool IsList(string name) => Manifest.IsOne(FileNames.FileOf(name));

    private static bool IsAbout(BlobItem blob, PersonText person, HashSet<string> known)
        => FileNames.IsAbout(blob.Name, person) || blob.Metadata.Values.Any(value => person.IsIn(value) || known.Contains(value));

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
            if (FileNames.IsAbout(blob.Name, person))
                yield return new PersonalRecord(new RecordName(Kind, $"{receipts.Name}/{blob.Name}"), blob.Name, IsCertain: true);
        }

        var letters = blobs.GetBlobContainerClient(DeadLetters);
        await foreach (var blob in ListAsync(letters, null, cancellationToken))
        {
            if (await IsInListAsync(letters.GetBlobClient(blob.Name), person, cancellationToken))
                yield return new PersonalRecord(new RecordName(Kind, $"{letters.Name}/{blob.Name}"), blob.Name, IsCertain: true);
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

    private static async Task<bool> IsInListAsync(BlobClient blob, PersonText person, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = new MemoryStream();
            await using (var bytes = await blob.OpenReadAsync(cancellationToken: cancellationToken))
                await CopyAsync(bytes, content, cancellationToken);
            content.Position = 0;
            return content.Length > 4 && content.GetBuffer().AsSpan(0, 2).SequenceEqual("PK"u8)
                ? await IsInArchiveAsync(content, person, cancellationToken)
                : IsIn(content, person);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return false;
        }
    }

    private static async Task<bool> IsInArchiveAsync(Stream archive, PersonText person, CancellationToken cancellationToken)
    {
        try
        {
            await using var sheets = new ZipArchive(archive, ZipArchiveMode.Read);
            foreach (var part in sheets.Entries.Where(entry => entry.Name.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)))
            {
                await using var content = new MemoryStream();
                await using (var packed = await part.OpenAsync(cancellationToken))
                    await CopyAsync(packed, content, cancellationToken);
                if (IsIn(content, person))
                    return true;
            }
        }
        catch (InvalidDataException)
        {
            // Not a workbook after all: nobody can read anything in it.
        }

        return false;
    }

    private static async Task CopyAsync(Stream from, MemoryStream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[81920];
        int read;
        while (to.Length < MostSearched && (read = await from.ReadAsync(buffer, cancellationToken)) > 0)
            to.Write(buffer, 0, read);
    }

    // As UTF-8 or, where a spreadsheet saved it so, UTF-16: an address has no other letters in common code pages.
    private static bool IsIn(MemoryStream content, PersonText person)
    {
        var bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        return person.IsIn(Encoding.UTF8.GetString(bytes)) || (bytes.Contains((byte)0) && person.IsIn(Encoding.Unicode.GetString(bytes)));
    }
}

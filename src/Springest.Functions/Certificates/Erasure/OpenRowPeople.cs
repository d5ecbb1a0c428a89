using System.Runtime.CompilerServices;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Privacy;

namespace Springest.Functions.Certificates.Erasure;

/// <summary>
/// People in entries of the open rows that a crash has left behind: no row refers to them any more, and so no search of the ledger finds
/// them.
/// </summary>
public sealed class OpenRowPeople(CertificateLedger ledger, OpenRows open, LedgerStubs stubs) : IPersonalData
{
    private const string Kind = "entry";

    public async IAsyncEnumerable<PersonalRecord> FindAsync(
        PersonText person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var site in ledger.Sites)
        {
            await foreach (var entry in open.ReadAllAsync(site, cancellationToken))
            {
                var isCertain = IsAbout(entry, person);
                if ((isCertain || person.MayBeIn(entry.Blob)) && await ledger.FindOwnerAsync(entry, cancellationToken) is null)
                    yield return new PersonalRecord(
                        new RecordName(Kind, $"{site}/{entry.RowKey}"),
                        $"{entry.State}, {entry.Written:yyyy-MM-dd}, {entry.Blob}",
                        isCertain);
            }
        }
    }

    public async Task<ErasureOutcome?> ForgetAsync(RecordName record, CancellationToken cancellationToken)
    {
        if (record.Kind != Kind)
            return null;
        if (record.Id.Split('/') is not [var site, { Length: > 0 } key] || ledger.FindSite(site) is not { } known
            || await open.FindAsync(known, key, cancellationToken) is not { } entry)
            return ErasureOutcome.Absent;
        if (await ledger.FindOwnerAsync(entry, cancellationToken) is not null)
            return await stubs.ForgetAsync(known, entry.Row, cancellationToken);
        return await open.TryBlankAsync(entry, cancellationToken) ? ErasureOutcome.Removed : ErasureOutcome.Later;
    }

    private static bool IsAbout(OpenRowEntity entry, PersonText person)
        => NamedPeople.IsAbout(entry.Blob, person) || ((string?[])[entry.Message, entry.Values, entry.Stuck]).Any(person.IsIn);
}

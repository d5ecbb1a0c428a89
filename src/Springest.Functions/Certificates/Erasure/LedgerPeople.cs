using System.Runtime.CompilerServices;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Privacy;

namespace Springest.Functions.Certificates.Erasure;

/// <summary>People in the ledger: submissions, and files that were refused or wait.</summary>
public sealed class LedgerPeople(CertificateLedger ledger, LedgerStubs stubs) : IPersonalData
{
    private const string Kind = "certificate";

    public async IAsyncEnumerable<PersonalRecord> FindAsync(
        PersonText person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var site in ledger.Sites)
        {
            // The whole of it: what a refused file was about stands only in its report, or in its name.
            await foreach (var row in ledger.ReadAllAsync(site, cancellationToken))
            {
                var isCertain = IsAbout(row, person);
                if (isCertain || person.MayBeIn(row.Blob))
                    yield return new PersonalRecord(
                        new RecordName(Kind, $"{site}/{row.RowKey}"), $"{row.State}, {row.Updated:yyyy-MM-dd}, {row.Blob}", isCertain);
            }
        }
    }

    public async Task<ErasureOutcome?> ForgetAsync(RecordName record, CancellationToken cancellationToken)
    {
        if (record.Kind != Kind)
            return null;
        return record.Id.Split('/') is [var site, { Length: > 0 } key] && ledger.FindSite(site) is { } known
            ? await stubs.ForgetAsync(known, key, cancellationToken)
            : ErasureOutcome.Absent;
    }

    private static bool IsAbout(LedgerRow row, PersonText person)
        => person.IsEmail((row as SubmissionEntity)?.Email)
            || NamedPeople.IsAbout(row.Blob, person)
            || ((string?[])[row.Report, row.Message, row.Values, row.Stuck]).Any(person.IsIn);
}

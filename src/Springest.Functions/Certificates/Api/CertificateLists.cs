using System.Buffers.Text;
using System.Text;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Http;

namespace Springest.Functions.Certificates.Api;

/// <summary>
/// The ledger's rows in one state, page by page: of each site what is open the oldest first, what is at its end the newest first.
/// </summary>
internal static class CertificateLists
{
    /// <summary>Reads a page.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="state">The state.</param>
    /// <param name="site">The site; null for all.</param>
    /// <param name="top">Most rows.</param>
    /// <param name="cursor">An earlier page's cursor; null for the first page.</param>
    /// <returns>Null if the cursor is none.</returns>
    public static async Task<Page<CertificateReport>?> ReadAsync(
        CertificateLedger ledger, SubmissionState state, string? site, int top, string? cursor, CancellationToken cancellationToken)
    {
        var sites = site is null ? ledger.Sites : [site];
        var (from, after) = cursor is null ? (sites[0], null) : Decode(cursor);
        if (from is null || !sites.Contains(from)
            || after?.StartsWith(CertificateLedger.EntriesOf(state), StringComparison.Ordinal) == false)
            return null;

        var page = new List<CertificateReport>();
        var last = "";
        foreach (var each in sites.SkipWhile(each => each != from))
        {
            await foreach (var (entry, row) in ledger.ListAfterAsync(state, each, each == from ? after : null, cancellationToken))
            {
                // One more than asked for tells that there are more.
                if (page.Count == top)
                    return new(page, last);
                page.Add(CertificateReport.OfNow(row));
                last = Encode(each, entry);
            }
        }

        return new(page);
    }

    private static string Encode(string site, string entry) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{site}|{entry}"));

    private static (string? Site, string? After) Decode(string cursor)
    {
        var bytes = new byte[cursor.Length];
        if (!Base64Url.IsValid(cursor) || !Base64Url.TryDecodeFromChars(cursor, bytes, out var length))
            return (null, null);
        return Encoding.UTF8.GetString(bytes, 0, length).Split('|') is [var site, var after] ? (site, after) : (null, null);
    }
}

using System.Net;
using Springest.Client;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>
/// A page that fails time and again is read record by record, so that what breaks it costs one record and not the rest of the list.
/// </summary>
internal static class PoisonPageReader
{
    private const int Length = 30;

    /// <summary>Reads the page at an offset.</summary>
    /// <param name="read">Reads one record as a page of its own.</param>
    /// <param name="offset">Where the page begins.</param>
    /// <param name="total">Where the list ends, if that is known.</param>
    /// <returns>What could be read, and how many records could not.</returns>
    /// <exception cref="SpringestException">Nothing could be read: the fault is not the page's.</exception>
    public static async Task<(SpringestPage<RawRecord> Page, int Skipped)> ReadAsync(
        Func<int, Task<SpringestPage<RawRecord>>> read, int offset, long? total)
    {
        var items = new List<RawRecord>();
        var last = offset;
        SpringestException? fault = null;
        for (; last < offset + Length && (total is null || last < total); last++)
        {
            try
            {
                var page = await read(last);
                total = page.Total ?? total;
                if (total is null && page.Items.Count == 0)
                    break;
                items.AddRange(page.Items.Take(1));
            }
            catch (SpringestException failure) when (IsOfTheRecord(failure))
            {
                fault = failure;
            }
        }

        return items.Count == 0 && fault is not null
            ? throw fault
            : (new SpringestPage<RawRecord>(items, offset, total), last - offset - items.Count);
    }

    /// <summary>Whether a failure may lie in the records that were asked for, rather than in the list, or in who asked or when.</summary>
    public static bool IsOfTheRecord(SpringestException failure)
        => failure is { RateLimited: false, OverServerRate: false, RetryAfter: null }
        && failure.Status is null or HttpStatusCode.OK or >= HttpStatusCode.InternalServerError;
}

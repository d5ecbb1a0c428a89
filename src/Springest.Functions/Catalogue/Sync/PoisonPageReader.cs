using System.Net;
using Springest.Client;

namespace Springest.Functions.Catalogue.Sync;

/// <summary>
/// A page that fails is read in halves, and halves of these, so that what breaks it costs one record and not the rest of the list.
/// </summary>
/// <param name="read">Reads a page: from where, and how many records at most.</param>
internal sealed class PoisonPageReader(Func<int, int, Task<SpringestPage<RawRecord>>> read)
{
    private const int Length = 30;

    /// <summary>Failures in a row that two broken records can cause. After so many, the list must show again that it works.</summary>
    private const int MaxInARow = 8;

    private readonly List<RawRecord> _items = [];
    private int _skipped;
    private int _inARow;
    private long? _total;

    /// <summary>Reads the page at an offset.</summary>
    /// <param name="offset">Where the page begins.</param>
    /// <param name="total">Where the list ends, if that is known.</param>
    /// <param name="fault">What the page failed with.</param>
    /// <returns>What could be read, and how many records could not.</returns>
    /// <exception cref="SpringestException">Nothing else can be read either: the fault is not the page's.</exception>
    public async Task<(SpringestPage<RawRecord> Page, int Skipped)> ReadAsync(int offset, long? total, SpringestException fault)
    {
        await RequireListAsync(offset, fault);
        // A total that the list has gone beyond says nothing.
        _total = total > offset ? total : null;
        var length = (int)Math.Min(_total - offset ?? Length, Length);
        if (length == 1)
            _skipped = 1;
        else
            await ReadHalvesAsync(offset, length);
        if (_items.Count == 0 && _skipped > 0)
            await RequireListAsync(offset, fault);
        return (new SpringestPage<RawRecord>(_items, offset, _total), _skipped);
    }

    /// <summary>
    /// Whether a failure may lie in the records that were asked for, rather than in the list, or in who asked or when. It may also where
    /// the client asked for nothing, because the list had failed too often.
    /// </summary>
    public static bool IsOfTheRecord(SpringestException failure)
        => failure is { RateLimited: false, OverServerRate: false }
        && failure is { Status: null } or { RetryAfter: null, Status: HttpStatusCode.OK or >= HttpStatusCode.InternalServerError };

    private async Task ReadHalvesAsync(int offset, int length)
    {
        await ReadAsync(offset, length / 2);
        await ReadAsync(offset + (length / 2), length - (length / 2));
    }

    private async Task ReadAsync(int offset, int length)
    {
        var end = offset + length;
        try
        {
            while (offset < end && (_total is null || offset < _total))
            {
                var page = await read(offset, end - offset);
                (_inARow, _total) = (0, page.Total ?? _total);
                if (page.Items.Count == 0)
                    return;
                _items.AddRange(page.Items.Take(end - offset));
                offset += page.Items.Count;
            }
        }
        catch (SpringestException failure) when (IsOfTheRecord(failure))
        {
            if (++_inARow % MaxInARow == 0)
                await RequireListAsync(offset, failure);
            if (end - offset == 1)
                _skipped++;
            else
                await ReadHalvesAsync(offset, end - offset);
        }
    }

    /// <summary>Another part of the list can be read, or it is not the record's fault.</summary>
    private async Task RequireListAsync(int offset, SpringestException fault)
    {
        // The record before may be broken too.
        foreach (var other in (int[])[offset > 0 ? offset - 1 : Length, offset + (2 * Length)])
        {
            try
            {
                await read(other, 1);
                return;
            }
            catch (SpringestException failure) when (IsOfTheRecord(failure))
            {
            }
        }

        throw fault;
    }
}

using System.Collections.Concurrent;
using Springest.Functions.Catalogue;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Metadata;

/// <summary>
/// The mirrored certifications by their exact names, in whichever form their letters are written. The table is read once after each full
/// pass, not once per question.
/// </summary>
public sealed class CertificationNameIndex(CatalogueStore store) : IDisposable
{
    private readonly ConcurrentDictionary<string, Names> _sites = new();
    private readonly SemaphoreSlim _reading = new(1);

    /// <summary>The ids of the certifications with this name; null before the first full pass, when nobody can tell.</summary>
    public async Task<IReadOnlyList<long>?> FindAsync(string site, string name, CancellationToken cancellationToken)
        => await FindAsync(site, cancellationToken) is { } names ? [.. names.Ids[NormalizedText.Of(name)]] : null;

    /// <summary>
    /// All of a site, by what names each alone: its name, or its number where several have that name. None before the first full pass.
    /// </summary>
    public async Task<IReadOnlyList<(long Id, string Name)>> ListAsync(string site, CancellationToken cancellationToken)
        => await FindAsync(site, cancellationToken) is { } names
            ? [.. names.Ids.OrderBy(same => same.Key, StringComparer.OrdinalIgnoreCase)
                .SelectMany(same => same.Select(id => (id, same.Count() == 1 ? same.Key : $"{id}")))]
            : [];

    public void Dispose() => _reading.Dispose();

    private async Task<Names?> FindAsync(string site, CancellationToken cancellationToken)
        => await store.LastProofAsync(new(site, Certifications.Description), cancellationToken) is not { } pass ? null
            : _sites.TryGetValue(site, out var known) && known.Pass >= pass ? known
            : await ReadAsync(site, pass, cancellationToken);

    private async Task<Names> ReadAsync(string site, DateTimeOffset pass, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_sites.TryGetValue(site, out var known) && known.Pass >= pass)
                return known;
            var rows = store.Reader(new(site, Certifications.Description)).ReadAsync("", cancellationToken);
            var found = await rows.Where(row => !RecordEntity.IsDeleted(row))
                .Select(row => (Name: row.GetString("Name"), Id: RecordEntity.IdOf(row)))
                .ToListAsync(cancellationToken);
            return _sites[site] = new Names(
                pass,
                found.ToLookup(row => NormalizedText.Of(row.Name ?? ""), row => row.Id, StringComparer.Ordinal));
        }
        finally
        {
            _reading.Release();
        }
    }

    private sealed record Names(DateTimeOffset Pass, ILookup<string, long> Ids);
}

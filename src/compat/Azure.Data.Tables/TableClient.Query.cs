using System.Linq.Expressions;
using System.Text.Json;
using Azure.Data.Tables.Entities;
using Azure.Data.Tables.Filters;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

public partial class TableClient
{
    public virtual AsyncPageable<T> QueryAsync<T>(
        Expression<Func<T, bool>> filter,
        int? maxPerPage = null,
        IEnumerable<string>? select = null,
        CancellationToken cancellationToken = default)
        where T : class, ITableEntity
        => QueryAsync<T>(CreateQueryFilter(filter), maxPerPage, select, cancellationToken);

    /// <param name="filter">As <see cref="CreateQueryFilter(FormattableString)"/> makes it; null for every entity.</param>
    /// <param name="maxPerPage">At most 1000, which is also the default. A page may hold less, even nothing, and others follow.</param>
    /// <param name="select">The properties to read; null for all.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public virtual AsyncPageable<T> QueryAsync<T>(
        string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
        => new TablePageable<T>(
            (token, size, cancel) => ReadPageAsync<T>(filter, size ?? maxPerPage, select, token, cancel), cancellationToken);

    public static string CreateQueryFilter<T>(Expression<Func<T, bool>> filter) => FilterExpression.Translate(filter);

    public static string CreateQueryFilter(FormattableString filter) => FilterLiteral.Fill(filter);

    private async Task<Page<T>> ReadPageAsync<T>(
        string? filter, int? top, IEnumerable<string>? select, string? token, CancellationToken cancellationToken)
        where T : class, ITableEntity
    {
        using var message = _requests.Query(filter, top, select, token);
        var response = await _endpoint.SendAsync(message, cancellationToken).ConfigureAwait(false);
        using var json = JsonDocument.Parse(response.Content);
        var entities = json.RootElement.GetProperty("value").EnumerateArray().Select(EntityReader.Read<T>).ToList();
        return Page<T>.FromValues(entities, TableRequests.ContinuationOf(response), response);
    }
}

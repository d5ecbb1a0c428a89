using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Http;

namespace Springest.Functions.Catalogue.Api;

/// <summary>What a reader asks of a list: <c>?top=&amp;cursor=&amp;institute=&amp;subject=&amp;q=&amp;deleted=</c>.</summary>
internal sealed record CatalogueQuery(int Top, string After, long? Institute, long? Subject, string? Name, bool Deleted)
{
    public const int MaxTop = 1000;

    private const string Cursor = "cursor";
    private const string ChangesCursor = "after";

    private static readonly (string Name, string Column)[] Filters =
    [
        ("institute", "InstituteId"),
        ("subject", "SubjectIds"),
        ("q", "Name"),
    ];

    /// <summary>Whether not every record is asked for.</summary>
    public bool IsFiltered => Institute is not null || Subject is not null || Name is not null;

    /// <summary>The columns that say whether a record is among those asked for.</summary>
    public IEnumerable<string> Columns
        => Filters.Zip([Institute, Subject, (object?)Name], (filter, value) => value is null ? null : filter.Column).OfType<string>();

    /// <summary>Reads the parameters of a list of records; says what is wrong if anything is.</summary>
    /// <param name="request">Whose parameters are read.</param>
    /// <param name="resource">What is read.</param>
    /// <param name="list">The list that the cursor must be of.</param>
    /// <param name="query">What is asked.</param>
    /// <param name="problem">A sentence for the reader.</param>
    public static bool TryRead(
        HttpRequest request, ResourceDescription resource, string list,
        [NotNullWhen(true)] out CatalogueQuery? query, [NotNullWhen(false)] out string? problem)
    {
        var parameters = request.Query;
        var (institute, subject) = (Number(parameters["institute"], -1), Number(parameters["subject"], -1));
        if (!TryReadPage(request, list, Cursor, now: "", out query, out problem))
            return false;
        if (institute is null || subject is null)
            problem = "institute and subject must be ids.";
        else if (Misplaced(parameters, resource) is { } misplaced)
            problem = $"{resource.Path} cannot be filtered by {misplaced}.";
        if (problem is not null)
            return false;
        query = query with
        {
            Institute = institute >= 0 ? institute : null,
            Subject = subject >= 0 ? subject : null,
            Name = ((string?)parameters["q"])?.Trim() is { Length: > 0 } name ? name : null,
            Deleted = string.Equals(parameters["deleted"], "true", StringComparison.OrdinalIgnoreCase),
        };
        return true;
    }

    /// <summary>Reads the parameters of a list without filters, of which <c>cursor</c> says where to go on.</summary>
    public static bool TryReadPage(
        HttpRequest request, string list, [NotNullWhen(true)] out CatalogueQuery? query, [NotNullWhen(false)] out string? problem)
        => TryReadPage(request, list, Cursor, now: "", out query, out problem);

    /// <summary>Reads the parameters of the changes: <c>after</c> is a cursor, a time, or <c>now</c>.</summary>
    /// <param name="now">The key that stands for now.</param>
    public static bool TryReadChanges(
        HttpRequest request, string list, string now,
        [NotNullWhen(true)] out CatalogueQuery? query, [NotNullWhen(false)] out string? problem)
        => TryReadPage(request, list, ChangesCursor, now, out query, out problem);

    private static bool TryReadPage(
        HttpRequest request, string list, string cursor, string now,
        [NotNullWhen(true)] out CatalogueQuery? query, [NotNullWhen(false)] out string? problem)
    {
        (query, problem) = (null, null);
        var top = Number(request.Query["top"], 100);
        var after = ReadAfter(list, request.Query[cursor], now);
        if (top is not (> 0 and <= MaxTop))
            problem = $"top must be a number from 1 to {MaxTop}.";
        else if (after is null)
            problem = now.Length == 0
                ? $"{cursor} is not a cursor of this list."
                : $"{cursor} must be a cursor of this list, a time such as 2026-01-31T08:00:00Z, or now.";
        if (problem is not null)
            return false;
        query = new CatalogueQuery((int)top!.Value, after!, null, null, null, Deleted: false);
        return true;
    }

    private static string? ReadAfter(string list, string? text, string now)
    {
        if (now.Length == 0 || string.IsNullOrEmpty(text))
            return CatalogueCursor.Read(list, text);
        if (text.Equals("now", StringComparison.OrdinalIgnoreCase))
            return now;
        return QueryParameters.TryReadTime(text, out var time) ? ChangeFeed.KeyOf(time) : CatalogueCursor.Read(list, text);
    }

    /// <summary>A filter for which the resource lacks the column.</summary>
    private static string? Misplaced(IQueryCollection parameters, ResourceDescription resource)
        => Filters
            .FirstOrDefault(filter =>
                !string.IsNullOrEmpty(parameters[filter.Name]) && resource.Columns.All(column => column.Name != filter.Column))
            .Name;

    private static long? Number(string? text, long otherwise)
        => string.IsNullOrEmpty(text) ? otherwise
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

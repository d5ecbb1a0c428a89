using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Http;

namespace Springest.Functions.Catalogue.Api;

/// <summary>What a reader asks of a list: <c>?top=&amp;cursor=&amp;institute=&amp;subject=&amp;q=&amp;deleted=</c>.</summary>
internal sealed record CatalogueQuery(int Top, string After, long? Institute, long? Subject, string? Name, bool Deleted)
{
    public const int MaxTop = 1000;

    /// <summary>The parameter that holds the cursor: of records, of changes.</summary>
    public const string RecordsCursor = "cursor";
    public const string ChangesCursor = "after";

    private static readonly (string Name, string Column)[] Filters =
    [
        ("institute", "InstituteId"),
        ("subject", "SubjectIds"),
        ("q", "Name"),
    ];

    /// <summary>Reads the parameters; says what is wrong if anything is.</summary>
    /// <param name="request">Whose parameters are read.</param>
    /// <param name="description">What is read.</param>
    /// <param name="list">The list that the cursor must be of.</param>
    /// <param name="cursor">Name of the parameter that holds it.</param>
    /// <param name="query">What is asked.</param>
    /// <param name="problem">A sentence for the reader.</param>
    public static bool TryRead(
        HttpRequest request, ResourceDescription description, string list, string cursor,
        [NotNullWhen(true)] out CatalogueQuery? query, [NotNullWhen(false)] out string? problem)
    {
        (query, problem) = (null, null);
        var parameters = request.Query;
        var top = Number(parameters["top"], 100);
        var after = CatalogueCursor.Read(list, parameters[cursor]);
        var (institute, subject) = (Number(parameters["institute"], -1), Number(parameters["subject"], -1));
        if (top is not (> 0 and <= MaxTop))
            problem = $"top must be a number from 1 to {MaxTop}.";
        else if (after is null)
            problem = $"{cursor} is not a cursor of this list.";
        else if (institute is null || subject is null)
            problem = "institute and subject must be ids.";
        else if (
            QueryParameters.FindUnknown(
                request,
                cursor == ChangesCursor ? ["top", cursor] : ["top", cursor, .. Filters.Select(filter => filter.Name), "deleted"]) is
            { } unknown)
            problem = unknown;
        else if (Misplaced(parameters, description) is { } misplaced)
            problem = $"{description.Path} cannot be filtered by {misplaced}.";
        if (problem is not null)
            return false;
        query = new CatalogueQuery(
            (int)top!.Value,
            after!,
            institute >= 0 ? institute : null,
            subject >= 0 ? subject : null,
            ((string?)parameters["q"])?.Trim() is { Length: > 0 } name ? name : null,
            string.Equals(parameters["deleted"], "true", StringComparison.OrdinalIgnoreCase));
        return true;
    }

    /// <summary>A filter for which the resource lacks the column.</summary>
    private static string? Misplaced(IQueryCollection parameters, ResourceDescription description)
        => Filters
            .FirstOrDefault(filter =>
                !string.IsNullOrEmpty(parameters[filter.Name]) && description.Columns.All(column => column.Name != filter.Column))
            .Name;

    private static long? Number(string? text, long otherwise)
        => string.IsNullOrEmpty(text) ? otherwise
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

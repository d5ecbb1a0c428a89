using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Springest.Functions.Http;

/// <summary>
/// The parameters of an address. A slip in a name would otherwise go unnoticed, and the answer be another than was asked for.
/// </summary>
internal static class QueryParameters
{
    private static readonly string[] Times =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>
    /// Reads a time such as 2026-11-21T08:00Z, in UTC if it names no other zone. In no other form: 01/12 is a day in December to one,
    /// and in January to another.
    /// </summary>
    public static bool TryReadTime(string? text, out DateTimeOffset time)
        => DateTimeOffset.TryParseExact(
            text, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    /// <summary>A sentence about a parameter that the address does not have; null if there is none.</summary>
    public static string? FindUnknown(HttpRequest request, params IReadOnlyList<string> known)
        => request.Query.Keys.FirstOrDefault(name =>
            // What browsers and caches are told apart by.
            !name.StartsWith('_') && !known.Contains(name, StringComparer.OrdinalIgnoreCase))
            is { } unknown
            ? $"There is no parameter '{unknown}'. "
                + $"{(known.Count > 0 ? $"There are: {string.Join(", ", known)}." : "This address has none.")}"
            : null;
}

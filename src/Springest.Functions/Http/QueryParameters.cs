using Microsoft.AspNetCore.Http;

namespace Springest.Functions.Http;

/// <summary>
/// The parameters of an address. A slip in a name would otherwise go unnoticed, and the answer be another than was asked for.
/// </summary>
internal static class QueryParameters
{
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

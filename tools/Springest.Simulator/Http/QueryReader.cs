using System.Globalization;

namespace Springest.Simulator.Http;

/// <summary>Reads query parameters; one that cannot be read is 400 (docs/springest-api.md, section 8.1).</summary>
internal static class QueryReader
{
    public static DateOnly? Date(this Call call, string name)
        => call.Parameter(name) is not { } text ? null
            : DateOnly.TryParseExact(text, "yyyy-MM-dd", out var date) ? date
            : throw new BadParameterException(name, "is not a date");

    /// <summary>The first day that the parameter lets through.</summary>
    public static DateOnly? From(this Call call, string name)
        => call.Date(name) is { } date ? (call.Behaviour.FromIsInclusive || date == DateOnly.MaxValue ? date : date.AddDays(1)) : null;

    public static bool Flag(this Call call, string name)
        => call.Parameter(name)?.ToUpperInvariant() switch
        {
            null or "FALSE" or "0" => false,
            "TRUE" or "1" => true,
            _ => throw new BadParameterException(name, "is not a boolean"),
        };

    public static int? Number(this Call call, string name)
        => call.Parameter(name) is not { } text ? null
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : throw new BadParameterException(name, "is not a number");

    /// <summary>One of some words; null if the parameter is missing.</summary>
    public static string? Word(this Call call, string name, params ReadOnlySpan<string> allowed)
        => call.Parameter(name) is not { } word ? null
            : allowed.Contains(word) ? word
            : throw new BadParameterException(name, "does not have a valid value");

    /// <summary>Ids, separated by commas; any of them will do.</summary>
    public static IReadOnlySet<long>? Ids(this Call call, string name)
        => call.Words(name)?
            .Select(text => long.TryParse(text, out var id) ? id : throw new BadParameterException(name, "is not a number"))
            .ToHashSet();

    /// <summary>Words, separated by commas; any of them will do.</summary>
    public static string[]? Words(this Call call, string name)
        => call.Parameter(name) is not { } text ? null : call.Behaviour.CommaLists ? text.Split(',') : [text];
}

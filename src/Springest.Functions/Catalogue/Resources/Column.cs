using System.Globalization;
using System.Net;
using System.Text.Json;
using Springest.Client;
using Springest.Functions.Text;

namespace Springest.Functions.Catalogue.Resources;

/// <summary>
/// A typed column beside the verbatim record, for people who filter and sort. A value of another type than expected gives
/// no value: the record itself is in <c>Json</c> all the same.
/// </summary>
/// <param name="Name">The column.</param>
/// <param name="Type">The column's type, as Table Storage names it.</param>
/// <param name="Source">The record's field, as docs/columns.md names it.</param>
/// <param name="Read">Reads the column's value from the record; null for none.</param>
public sealed record Column(string Name, string Type, string Source, Func<JsonElement, object?> Read)
{
    /// <summary>Longer texts are cut in columns, so that no record is too big for its row because of them.</summary>
    internal const int MaxLength = 4_000;

    /// <summary>What a table can hold begins here.</summary>
    private static readonly DateTimeOffset EarliestTime = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Text with entities decoded, trimmed, on one line.</summary>
    public static Column Text(string name, string field) => new(name, "String", $"`{field}`", record => Tidy(Find(record, field)));

    public static Column Whole(string name, params string[] fields)
        => new(name, "Int64", string.Join(", else ", fields.Select(field => $"`{field}`")),
            record => fields.Select(field => Find(record, field)).Select(As<long>).FirstOrDefault(value => value is not null));

    /// <summary>A number to reckon with, and in a second column the same verbatim.</summary>
    public static IEnumerable<Column> NumberAndText(string name, string field) =>
    [
        new(name, "Double", $"`{field}`", record => As<double>(Find(record, field))),
        new($"{name}Text", "String", $"`{field}`, verbatim", record => Cut(Find(record, field))),
    ];

    public static Column Flag(string name, string field) => new(name, "Boolean", $"`{field}`", record => As<bool>(Find(record, field)));

    /// <summary>A date or a point in time, in UTC.</summary>
    public static Column Time(string name, string field) => new(name, "DateTime", $"`{field}`", record => AsTime(Find(record, field)));

    /// <summary>ISO 4217 code of a currency given as HTML entity, sign or code.</summary>
    public static Column Currency(string name, string field)
        => new(name, "String", $"`{field}`, as ISO code", record => AsCurrency(Tidy(Find(record, field))));

    /// <summary>One field of every item of a list, joined by <c>; </c>.</summary>
    public static Column Joined(string name, string list, string field)
        => new(name, "String", $"every `{field}` in `{list}`", record => Join(Items(record, list).Select(item => Tidy(Find(item, field)))));

    /// <summary>The number of items in a list.</summary>
    public static Column Count(string name, string list)
        => new(
            name,
            "Int64",
            $"how many `{list}`",
            record => Find(record, list) is { } items ? (long)SpringestValue.Items(items).Count() : null);

    /// <summary>The earliest of a list's dates.</summary>
    public static Column First(string name, string list, string field)
        => new(
            name,
            "DateTime",
            $"first `{field}` in `{list}`",
            record => Items(record, list).Select(item => AsTime(Find(item, field))).Min());

    /// <summary>The latest of a list's dates.</summary>
    public static Column Last(string name, string list, string field) =>
        new(name, "DateTime", $"last `{field}` in `{list}`", record => Items(record, list).Select(item => AsTime(Find(item, field))).Max());

    /// <summary>A field by its path, such as <c>institute.name</c>; null if it is missing or null.</summary>
    private static JsonElement? Find(JsonElement record, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (record.ValueKind is not JsonValueKind.Object || !TryFind(record, name, out record))
                return null;
        }

        return record.ValueKind is JsonValueKind.Null ? null : record;
    }

    private static bool TryFind(JsonElement record, string name, out JsonElement value)
    {
        try
        {
            return record.TryGetProperty(name, out value);
        }
        catch (InvalidOperationException)
        {
            // The record has a name that is no text, such as half a surrogate pair.
            value = default;
            return false;
        }
    }

    private static IEnumerable<JsonElement> Items(JsonElement record, string list)
        => Find(record, list) is { } items ? SpringestValue.Items(items) : [];

    private static string? AsText(JsonElement? value)
        => value is { ValueKind: JsonValueKind.String or JsonValueKind.Number } text ? SpringestValue.ReadText(text) : null;

    private static string? Tidy(JsonElement? value)
    {
        if (AsText(value) is not { } text)
            return null;
        var plain = WebUtility.HtmlDecode(text);
        if (plain.AsSpan().ContainsAnyInRange('\0', '\u001f') || plain.Contains('\u007f', StringComparison.Ordinal))
            plain = string.Concat(plain.Select(letter => char.IsControl(letter) ? ' ' : letter));
        return plain.Trim() is { Length: > 0 } tidy ? StoredText.Cut(tidy, MaxLength) : null;
    }

    private static string? Cut(JsonElement? value) => AsText(value) is { Length: > 0 } text ? StoredText.Cut(text, MaxLength) : null;

    private static T? As<T>(JsonElement? value)
        where T : struct
        => value is { } known ? SpringestValue.Read<T>(known) : null;

    /// <summary>A date alone is its midnight in UTC: that is how whoever filters by dates writes them.</summary>
    private static DateTimeOffset? AsTime(JsonElement? value)
    {
        if (AsText(value) is not { } text)
            return null;
        var time = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero)
            : As<DateTimeOffset>(value)?.ToUniversalTime();
        return time < EarliestTime ? null : time;
    }

    private static string? AsCurrency(string? text) => text switch { "€" => "EUR", "£" => "GBP", "$" => "USD", _ => text };

    private static string? Join(IEnumerable<string?> names)
        => string.Join("; ", names.Where(name => name is not null)) is { Length: > 0 } joined ? StoredText.Cut(joined, MaxLength) : null;
}

using System.Globalization;

namespace Springest.Functions.Certificates.Reports;

/// <summary>Says codes and what goes with them in one language and time zone: what is wrong, where, and what would be right.</summary>
public sealed class Wording : IFormatProvider, ICustomFormatter
{
    private readonly IReadOnlyDictionary<string, string> _sentences;
    private readonly CultureInfo _culture;

    internal Wording(IReadOnlyDictionary<string, string> sentences, CultureInfo culture, TimeZoneInfo zone)
        => (_sentences, _culture, Zone) = (sentences, culture, zone);

    /// <summary>The sentence of a code.</summary>
    /// <param name="code">See <see cref="Reason"/>.</param>
    /// <param name="values">What it speaks of, see <see cref="Problem.Values"/>.</param>
    public string Say(string code, params ReadOnlySpan<object?> values)
        => string.Format(this, _sentences[code], (object?[])[.. values, .. new object?[4]]);

    /// <summary>A problem as a sentence, and before it the place in a list; what Springest said stays as it is.</summary>
    public string Say(Problem problem)
    {
        var sentence = _sentences.ContainsKey(problem.Code) && problem.Code != Reason.RefusedBySpringest
            ? Say(problem.Code, [.. problem.Values]) : problem.Message;
        return problem switch
        {
            { List: { } list, Line: { } row, Column: { } column } => Say(Place.Cell, list, row, column, sentence),
            { List: { } list, Line: { } row } => Say(Place.Of(list), list, row, sentence),
            _ => sentence,
        };
    }

    /// <summary>The problem with its sentence.</summary>
    public Problem Word(Problem problem) => problem with { Message = Say(problem) };

    /// <summary>The time zone.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>Tells this language and zone from others.</summary>
    public string Id => $"{_culture.Name}-{Zone.Id}";

    /// <summary>What separates the cells of a CSV file for the spreadsheets of this language.</summary>
    public char ListSeparator => _sentences["list_separator"][0];

    /// <summary>A time of day and its date.</summary>
    public string Time(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).ToString(_sentences["time_format"], _culture);

    /// <summary>A text that is no sentence, such as the head of a column.</summary>
    public string Text(string key) => _sentences[key];

    object? IFormatProvider.GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

    string ICustomFormatter.Format(string? format, object? argument, IFormatProvider? formatProvider)
    {
        var text = Convert.ToString(argument, CultureInfo.InvariantCulture) ?? "";
        return format switch
        {
            "cause" => OfCause(text),
            "time" => OfTime(text),
            _ => text,
        };
    }

    /// <summary>A cause in words (<see cref="Cause"/>); an answer's status with its own; any other as it is.</summary>
    private string OfCause(string cause)
    {
        var parts = cause.Split('|');
        return _sentences.TryGetValue($"cause_{parts[0]}", out var words)
            ? string.Format(CultureInfo.InvariantCulture, words, [.. parts.Skip(1), "", ""])
            : int.TryParse(cause, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
                ? Say("cause_status", status)
            : cause;
    }

    private string OfTime(string time)
        => DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? Time(moment)
            : time;

    /// <summary>Where in a list something is; a workbook has rows, a text has lines.</summary>
    private static class Place
    {
        public const string Cell = "place_cell";

        public static string Of(string list) => list.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? "place_line" : "place_row";
    }
}

using System.Globalization;

namespace Springest.Simulator.Http;

/// <summary>Reads the text fields of a request and notes what is wrong with them.</summary>
internal sealed class FieldRules(IReadOnlyDictionary<string, string> fields)
{
    public FieldFaults Faults { get; } = new();

    public string? Optional(string name) => fields.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value : null;

    public string? Required(string name)
    {
        var value = Optional(name);
        if (value is null)
            Faults.Add(name, "is required");
        return value;
    }

    public long? OptionalId(string name) => ReadId(name, Optional(name));

    public long? RequiredId(string name) => ReadId(name, Required(name));

    public DateOnly? OptionalDate(string name) => ReadDate(name, Optional(name));

    public DateOnly? RequiredDate(string name) => ReadDate(name, Required(name));

    public string? RequiredEmail(string name) => ReadEmail(name, Required(name));

    private long? ReadId(string name, string? text)
    {
        if (text is null)
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return id;
        Faults.Add(name, "should be an integer");
        return null;
    }

    private DateOnly? ReadDate(string name, string? text)
    {
        if (text is null)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", out var date))
            return date;
        Faults.Add(name, "should be a date");
        return null;
    }

    private string? ReadEmail(string name, string? text)
    {
        if (text is null || IsEmail(text))
            return text;
        Faults.Add(name, "should be an email address");
        return null;
    }

    private static bool IsEmail(string text) => text.IndexOf('@') is > 0 and var at && at < text.Length - 1 && !text.Any(char.IsWhiteSpace);
}

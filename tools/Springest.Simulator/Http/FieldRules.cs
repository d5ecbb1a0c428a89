using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Springest.Simulator.Http;

/// <summary>Reads the fields of a request and notes what is wrong with them. Numbers and flags may come as text.</summary>
internal sealed class FieldRules(Func<string, string?> field)
{
    public FieldRules(JsonObject fields)
        : this(name => Text(fields[name]))
    {
    }

    public FieldFaults Faults { get; } = new();

    /// <summary>The field's text; null if it was not sent, is null or blank.</summary>
    public string? Optional(string name) => field(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;

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

    public string? OptionalEmail(string name) => ReadEmail(name, Optional(name));

    public string? RequiredEmail(string name) => ReadEmail(name, Required(name));

    public bool? OptionalFlag(string name)
    {
        switch (Optional(name))
        {
            case null:
                return null;
            case "true" or "1":
                return true;
            case "false" or "0":
                return false;
            default:
                Faults.Add(name, "should be a boolean");
                return null;
        }
    }

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

    private static bool IsEmail(string text)
        => text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < text.Length - 1 && !text.Any(char.IsWhiteSpace);

    private static string? Text(JsonNode? value) => value?.GetValueKind() switch
    {
        null => null,
        JsonValueKind.String => value.GetValue<string>(),
        _ => value.ToJsonString(),
    };
}

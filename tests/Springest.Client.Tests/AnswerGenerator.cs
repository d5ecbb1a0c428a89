using System.Globalization;
using System.Text;

namespace Springest.Client.Tests;

/// <summary>
/// A list of records, and pages of it in every shape, encoding and spelling in which one could come, errors in between included. All of it
/// follows from the seed.
/// </summary>
internal sealed class AnswerGenerator(int seed)
{
    private static readonly string[] s_values =
    [
        "null", "\"\"", "true", "\"False\"", "12", "\"12\"", "12.50", "\"op aanvraag\"", "1e400", "-0", "[]", "{}", "[1,\"a\",null]",
        "{\"id\":77}", "[{\"id\":78},{\"name\":\"x\"}]", "{\"0\":{\"id\":79}}", "\"\\ud800\"", "\"0000-00-00\"",
            "\"2023/10/26 12:30:00 +0200\"",
        "\"<p>A &amp; B</p>\"", "\"café\"", "[[[[[]]]]]", "99999999999999999999", "\" \\n \"", "{\"a\":{\"id\":80},\"b\":null}", "\"]]>\"",
    ];

    private static readonly string[] s_fields =
    [
        "name", "status", "modified", "price", "price_currency", "count", "institute", "regions", "subjects", "levels",
            "starting_dateplaces",
        "description", "croho", "unknown", "url", "additional_costs", "average_rating", "institute_id", "vat_included", "total_course_days",
    ];

    private readonly Random _random = new(seed);
    private (string Charset, Encoding Encoding)? _charset;

    /// <summary>The ids of the list; some places of it hold what is no record.</summary>
    public List<long?> List { get; } = [];

    public AnswerGenerator Fill()
    {
        for (var length = _random.Next(8); List.Count < length;)
            List.Add(_random.Next(12) == 0 ? null : 1000 + List.Count);
        _charset = _random.Next(4) switch
        {
            0 => ("iso-8859-1", Encoding.Latin1),
            1 => ("utf-16", new UnicodeEncoding(bigEndian: false, byteOrderMark: true)),
            _ => null,
        };
        return this;
    }

    /// <summary>A page of the list, with its content type.</summary>
    public (byte[] Body, string ContentType) Page(int offset, int size, bool isXml)
    {
        var items = List.Skip(offset).Take(size)
            .Select(id => id is null ? Pick("{\"name\":\"x\"}", "7", "\"x\"", "{\"id\":\"abc\"}", "[1]") : Record(id.Value)).ToList();
        var text = isXml ? XmlText.Of(Envelope(items), _random) : Envelope(items);
        text = Pick("", "", "\n", " \t") + text;
        if (_charset is not var (charset, encoding) || text.Any(letter => letter > 255))
            return ([.. _random.Next(3) == 0 ? Encoding.UTF8.Preamble : default, .. Encoding.UTF8.GetBytes(text)],
                Pick("application/json", "text/plain; charset=utf-8", "text/html; charset=iso-8859-1"));
        return ([.. encoding.Preamble, .. encoding.GetBytes(text)], $"application/json; charset={charset}");
    }

    public T Pick<T>(params IReadOnlyList<T> options) => options[_random.Next(options.Count)];

    private string Envelope(List<string> items)
    {
        var list = _random.Next(5) switch
        {
            0 when items.Count == 0 => "{}",
            1 when items.Count == 0 => "null",
            2 when items.Count == 1 && items[0].StartsWith("{\"", StringComparison.Ordinal)
                && items[0].Contains("\"id\":", StringComparison.Ordinal) => items[0],
            3 when items.Count > 0
                && items.TrueForAll(item =>
                item[0] == '{') => $"{{{string.Join(',', items.Select((item, index) => $"\"{index}\":{item}"))}}}",
            _ => $"[{string.Join(',', items)}]",
        };
        var total = List.Count.ToString(CultureInfo.InvariantCulture);
        var meta = Pick(
            $"\"results\":{total}", $"\"results\":\"{total}\"", $"\"count\":{total}", $"\"results\":\"{total}.000\"", "\"results\":null",
                "\"results\":{}", "\"results\":1.5",
            "\"results\":-3", "\"results\":[1]", $"\"results\":\" {total} \"", "\"results\":0", "\"offset\":0");
        return _random.Next(5) switch
        {
            0 when list[0] == '[' && items.Count > 0 => list,
            1 => $"{{\"trainings\":{list}}}",
            2 => $"{{\"trainings\":{list},\"meta\":{{{meta}}},\"errors\":[]}}",
            _ => $"{{\"meta\":{{{meta}}},\"error\":null,\"trainings\":{list}}}",
        };
    }

    private string Record(long id)
    {
        var fields = s_fields.Where(_ => _random.Next(4) == 0).Select(field => $"\"{field}\":{Pick(s_values)}").ToList();
        fields.Insert(_random.Next(fields.Count + 1), Pick($"\"id\":{id}", $"\"id\":\"{id}\"", $"\"id\":{id}.0"));
        return $"{{{string.Join(',', fields)}}}";
    }
}

using System.Globalization;
using System.Text.Json;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Reports;

/// <summary>One thing that is wrong with a file: what, where, and what would be right.</summary>
/// <param name="Code">See <see cref="Reason"/>; for people's programs.</param>
/// <param name="Message">The same as a sentence, for people; empty until it is worded for a site.</param>
/// <param name="Field">The field that it is about, if any.</param>
/// <param name="Line">The line of the manifest that it is about, or the row of its sheet, if any.</param>
public sealed record Problem(string Code, string Message, string? Field = null, int? Line = null)
{
    /// <summary>Problems of one file that people can take in, and a row can hold.</summary>
    internal const int Most = 20;

    // Of a value, such as a cell of a list or a name. Longer ones would fill a row's column.
    private const int MostLetters = 300;

    /// <summary>The column of the manifest's sheet that it is about, if any.</summary>
    public string? Column { get; init; }

    /// <summary>Name of the manifest that it is about, if any.</summary>
    public string? List { get; init; }

    /// <summary>What the sentence speaks of, so that it can be said in another language (<see cref="Wording"/>).</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The reason about a field, yet to be worded.</summary>
    public static Problem About(string? field, string code, params ReadOnlySpan<object?> values)
        => new(code, "", field) { Values = [.. Strings(values).Select(text => StoredText.Shorten(text, MostLetters))] };

    /// <summary>Values in one text, as a row of a table keeps them.</summary>
    internal static string? Pack(params ReadOnlySpan<object?> values)
        => values.IsEmpty ? null : JsonSerializer.Serialize(Strings(values), CertificateReportJson.Default.StringArray);

    internal static IReadOnlyList<string> Unpack(string? values)
        => values is null ? [] : JsonSerializer.Deserialize(values, CertificateReportJson.Default.StringArray)!;

    private static string[] Strings(ReadOnlySpan<object?> values)
    {
        var strings = new string[values.Length];
        for (var i = 0; i < values.Length; i++)
            strings[i] = values[i] is DateTimeOffset time
                ? time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
                : Convert.ToString(values[i], CultureInfo.InvariantCulture) ?? "";
        return strings;
    }
}

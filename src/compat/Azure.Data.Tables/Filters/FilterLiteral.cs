using System.Globalization;
using Azure.Data.Tables.Entities;

namespace Azure.Data.Tables.Filters;

/// <summary>Values as OData literals, escaped so that no value can become a part of the filter.</summary>
internal static class FilterLiteral
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
        char letter => Of(letter.ToString()),
        bool truth => truth ? "true" : "false",
        int or short or byte => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        long number => string.Create(CultureInfo.InvariantCulture, $"{number}L"),
        double number => Of(number),
        float number => Of((double)number),
        DateTimeOffset time => $"datetime'{EntityWriter.Format(time)}'",
        DateTime time => Of(new DateTimeOffset(time)),
        Guid guid => $"guid'{guid}'",
        byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
        BinaryData data => $"X'{Convert.ToHexString(data.ToMemory().Span)}'",
        Enum choice => Of(choice.ToString()),
        _ => throw new ArgumentException($"A value of type {value.GetType()} cannot be a part of a filter."),
    };

    /// <summary>The filter with each argument as a literal.</summary>
    public static string Fill(FormattableString filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return string.Format(CultureInfo.InvariantCulture, filter.Format, [.. filter.GetArguments().Select(Of)]);
    }

    // A whole number without a point would be an Edm.Int32.
    private static string Of(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return double.IsInteger(number) && !text.Contains('E', StringComparison.Ordinal) ? $"{text}.0" : text;
    }
}

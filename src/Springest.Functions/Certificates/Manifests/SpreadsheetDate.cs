using System.Globalization;
using System.Text.RegularExpressions;
using Springest.Functions.Certificates.Manifests.Workbooks;

namespace Springest.Functions.Certificates.Manifests;

/// <summary>
/// Dates as spreadsheets save them: <c>2026-01-05</c>, <c>5-1-2026</c> and <c>5.1.2026</c> (the day first, as all do who write so),
/// <c>15/01/2026</c>, and the number of a day that lost its format, such as 46027.
/// </summary>
internal static partial class SpreadsheetDate
{
    // No other number of five digits is likely to be meant.
    private static readonly int s_firstDay = new DateOnly(2000, 1, 1).DayNumber;
    private static readonly int s_lastDay = new DateOnly(2099, 12, 31).DayNumber;

    /// <returns>The date as yyyy-MM-dd, or the text as it is where it is none; null if it can be either of two days.</returns>
    public static string? Read(string text, SlashDates slashes, Epoch epoch)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var day))
            return text.Length == 5 && epoch.DayZero + day is var number && number >= s_firstDay && number <= s_lastDay
                ? CertificateFields.Text(DateOnly.FromDayNumber(number))!
                : text;
        if (Pattern().Match(text) is not { Success: true } match)
            return text;
        var (first, middle, last) = (Part("first"), Part("middle"), Part("last"));
        if (match.Groups["first"].Length == 4)
            return Write(first, middle, last) ?? text;
        if (match.Groups["separator"].Value != "/" || first > 12 || first == middle)
            return Write(last, middle, first) ?? text;
        if (middle > 12)
            return Write(last, first, middle) ?? text;
        return slashes switch
        {
            SlashDates.DayFirst => Write(last, middle, first) ?? text,
            SlashDates.MonthFirst => Write(last, first, middle) ?? text,
            _ => null,
        };

        int Part(string name) => int.Parse(match.Groups[name].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static string? Write(int year, int month, int day)
        => year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? CertificateFields.Text(new DateOnly(year, month, day))
            : null;

    // Years of two digits are left alone; midnight comes along where a cell holds a time of day.
    [GeneratedRegex(
        @"^((?<first>[0-9]{4})(?<separator>[-./])(?<middle>[0-9]{1,2})\k<separator>(?<last>[0-9]{1,2})|" +
        @"(?<first>[0-9]{1,2})(?<separator>[-./])(?<middle>[0-9]{1,2})\k<separator>(?<last>[0-9]{4}))([ T]0?0:00(:00)?)?$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}

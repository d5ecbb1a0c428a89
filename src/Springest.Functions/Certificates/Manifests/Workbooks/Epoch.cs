namespace Springest.Functions.Certificates.Manifests.Workbooks;

/// <summary>What a workbook counts its days from.</summary>
/// <param name="DayZero">The day number (<see cref="DateOnly.DayNumber"/>) of its day 0.</param>
internal readonly record struct Epoch(int DayZero)
{
    /// <summary>As Excel does, but for the first two months, since it believes that 1900 was a leap year.</summary>
    public static readonly Epoch Of1900 = new(new DateOnly(1899, 12, 30).DayNumber);

    /// <summary>As Excel on a Mac once did, if the workbook says so.</summary>
    public static readonly Epoch Of1904 = new(new DateOnly(1904, 1, 1).DayNumber);

    /// <summary>A number as a date, with the time of day if it has one; null if there is no such day.</summary>
    public string? DateOf(double number)
    {
        if (number is not (>= 61 and < 2_958_466))
            return null;
        // Seconds, since a day's fraction is seldom exact.
        var seconds = (long)Math.Round(number * 86_400);
        var (day, time) = (DayZero + (seconds / 86_400), TimeSpan.FromSeconds(seconds % 86_400));
        return day > DateOnly.MaxValue.DayNumber ? null
            : CertificateFields.Text(DateOnly.FromDayNumber((int)day)) + (time == TimeSpan.Zero ? "" : $" {time:hh\\:mm}");
    }
}

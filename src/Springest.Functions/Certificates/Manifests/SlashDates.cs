namespace Springest.Functions.Certificates.Manifests;

/// <summary>What <c>05/01/2026</c> means in a manifest: the British write the day first, the Americans the month.</summary>
public enum SlashDates
{
    /// <summary>It can be either, so it is refused; <c>15/01/2026</c> and <c>05/05/2026</c> can only be one day and are taken.</summary>
    Refuse,

    DayFirst,

    MonthFirst,
}

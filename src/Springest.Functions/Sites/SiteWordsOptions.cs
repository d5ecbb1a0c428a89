using System.ComponentModel.DataAnnotations;

namespace Springest.Functions.Sites;

/// <summary>How a site's office is written to: settings <c>Springest:Sites:{site}</c>, beside those of the client.</summary>
public sealed class SiteWordsOptions
{
    /// <summary>Language of receipts, rejections, reports and to-dos: <c>en</c>, <c>nl</c> or <c>de</c>.</summary>
    [RegularExpression("^(en|nl|de)$", ErrorMessage = "{0} must be en, nl or de.")]
    public string Language { get; set; } = "en";

    /// <summary>The office's time zone (IANA), for times of day.</summary>
    [TimeZone(ErrorMessage = "{0} must be a time zone of the IANA database, such as Europe/Amsterdam.")]
    public string TimeZone { get; set; } = "Europe/Amsterdam";

    /// <summary>The time zone; UTC on a system that has no time zones.</summary>
    internal TimeZoneInfo Zone => TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;

    private sealed class TimeZoneAttribute : ValidationAttribute
    {
        // A system without the database knows not even the default.
        public override bool IsValid(object? value)
            => value is "Europe/Amsterdam"
                || (value is string id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) && zone.HasIanaId);
    }
}

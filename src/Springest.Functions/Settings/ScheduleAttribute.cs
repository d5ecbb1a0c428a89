using System.ComponentModel.DataAnnotations;
using NCrontab;

namespace Springest.Functions.Settings;

/// <summary>When a timer ticks: the setting is read by the host, and would be found wrong only in its log.</summary>
internal sealed class ScheduleAttribute() : ValidationAttribute("{0} must be an NCRONTAB expression of six fields, such as 0 */5 * * * *.")
{
    private static readonly CrontabSchedule.ParseOptions SixFields = new() { IncludingSeconds = true };

    public override bool IsValid(object? value) => value is string text && CrontabSchedule.TryParse(text, SixFields) is not null;
}

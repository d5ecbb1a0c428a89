using System.ComponentModel.DataAnnotations;
using NCrontab;

namespace Springest.Functions.Settings;

/// <summary>When a timer ticks. The host reads the setting too, and would run no function at all of an app with a wrong one.</summary>
internal sealed class ScheduleAttribute() : ValidationAttribute("{0} must be an NCRONTAB expression of six fields, such as 0 */5 * * * *.")
{
    private static readonly CrontabSchedule.ParseOptions SixFields = new() { IncludingSeconds = true };

    public override bool IsValid(object? value) => value is string text && CrontabSchedule.TryParse(text, SixFields) is not null;
}

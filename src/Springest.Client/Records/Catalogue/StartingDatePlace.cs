using System.Text.Json.Serialization;

namespace Springest.Client;

/// <summary>When and where a training starts (docs/springest-api.md, sections 8.2 and 8.3).</summary>
public sealed record StartingDatePlace : SpringestRecord
{
    /// <summary>The number of this start.</summary>
    public long Id { get; init; }

    /// <summary>The training; sent in answers to writes only.</summary>
    public long? TrainingId { get; init; }

    /// <summary>The place; null if online.</summary>
    public string? Place { get; init; }

    /// <summary>First day; see <see cref="DateIsMonthOnly"/>.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Last day; see <see cref="EndDateIsMonthOnly"/>.</summary>
    public DateOnly? EndDate { get; init; }

    /// <summary>True if only year and month of <see cref="Date"/> count; the day is filler.</summary>
    public bool? DateIsMonthOnly { get; init; }

    /// <summary>True if only year and month of <see cref="EndDate"/> count; the day is filler.</summary>
    public bool? EndDateIsMonthOnly { get; init; }

    /// <summary>Year and month of the start where no more is known, else null.</summary>
    [JsonIgnore]
    public (int Year, int Month)? StartMonth => DateIsMonthOnly == true && Date is { } date ? (date.Year, date.Month) : null;

    /// <summary>Year and month of the end where no more is known, else null.</summary>
    [JsonIgnore]
    public (int Year, int Month)? EndMonth => EndDateIsMonthOnly == true && EndDate is { } date ? (date.Year, date.Month) : null;

    /// <summary>True if it is given online.</summary>
    public bool? Online { get; init; }

    /// <summary>Fewest people for which it is given.</summary>
    public int? MinimumNumberOfSeats { get; init; }

    /// <summary>Most people that can take part.</summary>
    public int? MaximumNumberOfSeats { get; init; }

    /// <summary>Seats still free.</summary>
    public int? AvailableNumberOfSeats { get; init; }

    /// <summary>True if it is certain to be given.</summary>
    public bool? GuaranteedStart { get; init; }
}

using System.Diagnostics.CodeAnalysis;

namespace Springest.Client;

/// <summary>Which conversions to list (docs/springest-api.md, section 8.9). Everything that is set must hold.</summary>
[Experimental("SPRINGEST0001")]
public sealed record ConversionFilter
{
    /// <summary>Conversions made on or after this day.</summary>
    public DateOnly? CreatedFrom { get; init; }

    /// <summary>Conversions of this kind.</summary>
    public ConversionType? Type { get; init; }

    /// <summary>Conversions of this training.</summary>
    public long? TrainingId { get; init; }

    /// <summary>Conversions of this institute.</summary>
    public long? InstituteId { get; init; }
}

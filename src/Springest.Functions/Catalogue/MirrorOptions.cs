using System.ComponentModel.DataAnnotations;

namespace Springest.Functions.Catalogue;

/// <summary>Settings <c>Springest:Mirror</c>.</summary>
public sealed class MirrorOptions
{
    public ResourceOptions Trainings { get; set; } = new() { DeltaInterval = TimeSpan.FromMinutes(15) };

    public ResourceOptions Subjects { get; set; } = new();

    public ResourceOptions Certifications { get; set; } = new() { FullPassInterval = TimeSpan.FromHours(1) };

    /// <summary>Pages fetched at the same time.</summary>
    [Range(1, 32, ErrorMessage = "Springest:Mirror:Prefetch must be from 1 to 32.")]
    public int Prefetch { get; set; } = 8;

    /// <summary>How long one tick may work before it leaves the rest to the next.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "Springest:Mirror:TimeBudget must be from 00:00:01 to 1.00:00:00.")]
    public TimeSpan TimeBudget { get; set; } = TimeSpan.FromMinutes(4);

    /// <summary>How long after its last sign of life a run counts as dead, so that another may go on.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:15:00", ErrorMessage = "Springest:Mirror:LockDuration must be from 00:00:02 to 00:15:00.")]
    public TimeSpan LockDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Deletes are held if more than this share of the records is missing at once ...</summary>
    [Range(0.0, 1.0, ErrorMessage = "Springest:Mirror:DeleteHoldShare must be from 0 to 1.")]
    public double DeleteHoldShare { get; set; } = 0.02;

    /// <summary>... and at least this many are, since in a small catalogue a share says little.</summary>
    [Range(0, int.MaxValue, ErrorMessage = "Springest:Mirror:DeleteHoldMinimum must be 0 or more.")]
    public int DeleteHoldMinimum { get; set; } = 5;

    public ResourceOptions For(CatalogueResource resource) => resource switch
    {
        CatalogueResource.Trainings => Trainings,
        CatalogueResource.Subjects => Subjects,
        CatalogueResource.Certifications => Certifications,
        _ => throw new ArgumentOutOfRangeException(nameof(resource), resource, null),
    };
}

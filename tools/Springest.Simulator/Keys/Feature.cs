namespace Springest.Simulator.Keys;

/// <summary>What a key may be allowed to use (docs/springest-api.md, section 7).</summary>
[Flags]
public enum Feature
{
    /// <summary>Nothing: the key is known, and everything is forbidden.</summary>
    None = 0,

    /// <summary>Trainings, institutes, categories, subjects, reviews, LearnMatch, oEmbed.</summary>
    Catalogue = 1,

    /// <summary>Certifications and certificates.</summary>
    Certificates = 2,

    /// <summary>Creating and cancelling bookings.</summary>
    Bookings = 4,

    /// <summary>Reading bookings.</summary>
    BookingsRead = 8,

    /// <summary>Users.</summary>
    Users = 16,

    /// <summary>Review requests.</summary>
    ReviewRequests = 32,

    /// <summary>Conversions.</summary>
    Conversions = 64,

    /// <summary>Autocomplete.</summary>
    Autocomplete = 128,

    /// <summary>Writing starting dates and places.</summary>
    StartingDateplaces = 256,

    /// <summary>Everything.</summary>
    All = 511,
}

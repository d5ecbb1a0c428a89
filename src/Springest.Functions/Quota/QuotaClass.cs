namespace Springest.Functions.Quota;

/// <summary>What a request is for, in order of precedence: a class leaves untouched what is reserved for those before it.</summary>
public enum QuotaClass
{
    /// <summary>Certificates, bookings, users: may use the whole limit.</summary>
    Submission,

    /// <summary>Reading again what a webhook named: all but the part reserved for submissions.</summary>
    Webhook,

    /// <summary>Crawling: all but both reserves.</summary>
    Catalogue,
}

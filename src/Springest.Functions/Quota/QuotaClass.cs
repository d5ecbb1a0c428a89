namespace Springest.Functions.Quota;

/// <summary>What a request is for, in order of precedence. A class is granted permits up to its ceiling, which leaves some to those before it.</summary>
public enum QuotaClass
{
    /// <summary>Certificates, bookings, users: the whole limit.</summary>
    Submission,

    /// <summary>Reading again what a webhook named: up to <see cref="QuotaOptions.WebhookShare"/>, alone <see cref="QuotaOptions.WebhookAloneShare"/>.</summary>
    Webhook,

    /// <summary>Passes over what has changed: up to <see cref="QuotaOptions.DeltaShare"/>.</summary>
    Delta,

    /// <summary>Full passes: up to <see cref="QuotaOptions.CatalogueShare"/>.</summary>
    Catalogue,
}

namespace Springest.Functions.Quota;

/// <summary>What a request is for, in order of precedence: the ceiling of a class leaves some permits to those before it.</summary>
public enum QuotaClass
{
    /// <summary>Certificates, bookings, users: the whole limit.</summary>
    Submission,

    /// <summary>Reading again what a webhook named: up to <see cref="QuotaOptions.WebhookShare"/>.</summary>
    Webhook,

    /// <summary>Passes over what has changed: up to <see cref="QuotaOptions.DeltaShare"/>.</summary>
    Delta,

    /// <summary>Full passes: up to <see cref="QuotaOptions.FullPassShare"/>.</summary>
    FullPass,
}

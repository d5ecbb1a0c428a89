namespace Springest.Functions.Quota;

/// <summary>Settings <c>Springest:Quota</c>: what the API allows per key, and how the instances share it.</summary>
public sealed class QuotaOptions
{
    /// <summary>Requests that the API allows in any trailing <see cref="Window"/>; 1 to 65,535.</summary>
    public int Limit { get; set; } = 4000;

    public TimeSpan Window { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How finely the shared counter tells time: longer slots mean a smaller entity, and permits that return later.</summary>
    public TimeSpan SlotLength { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an instance may use the permits of a grant.</summary>
    public TimeSpan GrantLife { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after its permit's last moment a request may reach the server: connecting, the network, and clocks that run unevenly.</summary>
    public TimeSpan NetworkSlack { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Permits of the limit that only <see cref="QuotaClass.Submission"/> may use.</summary>
    public int SubmissionReserve { get; set; } = 200;

    /// <summary>Permits of the limit that <see cref="QuotaClass.Catalogue"/> leaves to webhooks.</summary>
    public int WebhookReserve { get; set; } = 400;

    /// <summary>The most permits that an instance holds at once, which are the most that its crash can waste.</summary>
    public int ChunkSize { get; set; } = 25;

    /// <summary>Callers of one class that may wait in one instance; more are turned away.</summary>
    public int QueueLimit { get; set; } = 1000;

    /// <summary>How long a submission waits for a permit before it is put down for later.</summary>
    public TimeSpan SubmissionPatience { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a webhook's request waits for a permit.</summary>
    public TimeSpan WebhookPatience { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a crawl's request waits for a permit.</summary>
    public TimeSpan CataloguePatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a key rests when the server said that it had too many requests, but not for how long.</summary>
    public TimeSpan BlockTime { get; set; } = TimeSpan.FromMinutes(1);

    internal TimeSpan Patience(QuotaClass priority) => priority switch
    {
        QuotaClass.Submission => SubmissionPatience,
        QuotaClass.Webhook => WebhookPatience,
        _ => CataloguePatience,
    };
}

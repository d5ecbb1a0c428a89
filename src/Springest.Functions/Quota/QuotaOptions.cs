using Springest.Client;

namespace Springest.Functions.Quota;

/// <summary>Settings <c>Springest:Quota</c>: what a key allows (docs/springest-api.md, section 5), and how it is shared.</summary>
public sealed class QuotaOptions
{
    /// <summary>Requests that the API allows in any trailing <see cref="Window"/>; 1 to 65,535.</summary>
    public int Limit { get; set; } = 4000;

    public TimeSpan Window { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How old a permit may be when its request is sent.</summary>
    public TimeSpan GrantLife { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long after it was sent a request may reach the server. Not set: the longest <see cref="SpringestSiteOptions.AttemptTimeout"/>
    /// of a site; it must not be less, since until then an attempt may be under way.
    /// </summary>
    public TimeSpan? NetworkSlack { get; set; }

    /// <summary>Share of the limit up to which webhooks are granted permits, all classes counted; the rest is for submissions.</summary>
    public double WebhookShare { get; set; } = 0.95;

    /// <summary>Share of the limit that webhooks may use by themselves, so that a flood of them leaves some to crawling.</summary>
    public double WebhookAloneShare { get; set; } = 0.75;

    /// <summary>The same as <see cref="WebhookShare"/> for passes over what has changed.</summary>
    public double DeltaShare { get; set; } = 0.85;

    /// <summary>The same as <see cref="WebhookShare"/> for full passes.</summary>
    public double FullPassShare { get; set; } = 0.825;

    /// <summary>How long a submission waits for a permit before it is put down for later.</summary>
    public TimeSpan SubmissionPatience { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a webhook's request waits for a permit.</summary>
    public TimeSpan WebhookPatience { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a crawl's request waits for a permit, of a full pass or a delta.</summary>
    public TimeSpan PassPatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a key rests when the server said that it had too many requests, but not for how long. Doubled each time it says so soon
    /// after, up to <see cref="Window"/>.
    /// </summary>
    public TimeSpan BlockTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest time that an attempt at a request may take, of all sites.</summary>
    internal TimeSpan LongestAttempt { get; set; } = new SpringestSiteOptions().AttemptTimeout;

    /// <summary>How long a permit counts, from the moment it was asked for.</summary>
    internal TimeSpan Hold => Window + GrantLife + (NetworkSlack ?? LongestAttempt);

    /// <summary>How many permits of webhooks may be counted.</summary>
    internal int WebhooksAlone => Share(WebhookAloneShare);

    /// <summary>How many permits of all classes may be counted after a grant to this one.</summary>
    internal int Ceiling(QuotaClass priority) => priority switch
    {
        QuotaClass.Submission => Limit,
        QuotaClass.Webhook => Share(WebhookShare),
        QuotaClass.Delta => Share(DeltaShare),
        _ => Share(FullPassShare),
    };

    internal TimeSpan Patience(QuotaClass priority) => priority switch
    {
        QuotaClass.Submission => SubmissionPatience,
        QuotaClass.Webhook => WebhookPatience,
        _ => PassPatience,
    };

    // Rounded first: 0.825 of 4000 is 3300, not a hair less.
    private int Share(double share) => Math.Max(1, (int)Math.Floor(Math.Round(Limit * share, 6)));
}

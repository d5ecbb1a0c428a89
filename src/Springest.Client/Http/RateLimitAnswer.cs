namespace Springest.Client.Http;

/// <summary>One of <see cref="SpringestSiteOptions.RateLimitStatuses"/>: an answer that says that there were too many requests.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Condition">What makes it one, besides: the header <c>Retry-After</c>, or a text in the body; null for nothing.</param>
internal readonly record struct RateLimitAnswer(int Status, string? Condition)
{
    /// <summary>The answers that a setting names, or null if it names none or other statuses than those of a refusal.</summary>
    public static IReadOnlyList<RateLimitAnswer>? Parse(string? setting)
    {
        var answers = new List<RateLimitAnswer>();
        foreach (var entry in (setting ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = entry.Split(':', 2, StringSplitOptions.TrimEntries);
            if (!int.TryParse(parts[0], out var status) || status is not (>= 400 and <= 499 or 503 or 509) || parts is [_, ""])
                return null;
            answers.Add(new RateLimitAnswer(status, parts.ElementAtOrDefault(1)));
        }

        return answers;
    }

    public bool Is(int status, bool hasRetryAfter, string body)
        => status == Status && (Condition is null || (Condition.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)
            ? hasRetryAfter
            : body.Contains(Condition, StringComparison.OrdinalIgnoreCase)));
}

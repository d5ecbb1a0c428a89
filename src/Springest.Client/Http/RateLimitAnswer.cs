using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Springest.Client.Http;

/// <summary>One of <see cref="SpringestSiteOptions.RateLimitStatuses"/>: an answer that says that there were too many requests.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Condition">Words that its body must hold too, or <c>Retry-After</c> for the header; null for none.</param>
internal readonly record struct RateLimitAnswer(int Status, string? Condition)
{
    /// <summary>The longest pause that makes sense: the limit is one for an hour (docs/springest-api.md, section 5).</summary>
    private static readonly TimeSpan s_longestPause = TimeSpan.FromHours(1);

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

    /// <summary>
    /// How long the server asks to wait, whatever the form of the header: nothing if that is over, and an hour at most. Null if it does not
    /// say.
    /// </summary>
    public static TimeSpan? PauseOf(HttpResponseHeaders headers, DateTimeOffset now)
    {
        var pause = headers.RetryAfter is { } retryAfter ? retryAfter.Delta ?? retryAfter.Date - now : null;
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause > s_longestPause ? s_longestPause : pause;
    }

    public bool Is(int status, bool hasRetryAfter, string body)
        => status == Status && (Condition is null || (Condition.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)
            ? hasRetryAfter
            : Mentions(body, Condition)));

    // However the words are joined, as in rate-limit and RateLimit, but not as the end of another word, as in "corporate limit".
    private static bool Mentions(string body, string words)
    {
        var pattern = @"(?<!\p{L})" + string.Join(@"[\s_-]*", words.Split(' ').Select(Regex.Escape));
        return Regex.IsMatch(body, pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }
}

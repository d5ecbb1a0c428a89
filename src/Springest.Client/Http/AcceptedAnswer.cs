namespace Springest.Client.Http;

/// <summary>One of <see cref="SpringestSiteOptions.AcceptedStatuses"/>: an answer that says that a write was carried out.</summary>
/// <param name="Status">Its status.</param>
/// <param name="NeedsRecord">True if the answer must name what was written, besides.</param>
internal readonly record struct AcceptedAnswer(int Status, bool NeedsRecord)
{
    /// <summary>The answers that a setting names, or null if it names none or other statuses than those of success.</summary>
    public static IReadOnlyList<AcceptedAnswer>? Parse(string? setting)
    {
        var answers = new List<AcceptedAnswer>();
        foreach (var entry in (setting ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = entry.Split(':', StringSplitOptions.TrimEntries);
            if (!int.TryParse(parts[0], out var status) || status is < 200 or > 299 || parts is not ([_] or [_, "id"]))
                return null;
            answers.Add(new AcceptedAnswer(status, parts.Length > 1));
        }
        return answers;
    }
}

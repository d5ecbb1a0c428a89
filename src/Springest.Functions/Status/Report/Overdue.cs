using System.Globalization;
using Springest.Functions.Catalogue.Api;

namespace Springest.Functions.Status.Report;

/// <summary>What should have been done long ago: a timer does not run, or does not get on.</summary>
internal static class Overdue
{
    // As objects of webhooks are read within seconds, and files within minutes, when nothing is wrong.
    private static readonly TimeSpan Pass = TimeSpan.FromHours(1);
    private static readonly TimeSpan Inbox = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan File = TimeSpan.FromDays(1);

    /// <summary>A full pass, if the last is older than twice the interval, which may be as short as one likes.</summary>
    public static AttentionItem? Find(ResourceStatus resource, TimeSpan interval, DateTimeOffset now)
        => !resource.IsPaused && (resource.FullPassCompleted ?? resource.Pass?.Started) is { } last && now - last > 2 * interval
            && now - last > Pass
            ? new("mirror-stale", resource.Site, resource.Resource, Text($"The last full pass ended {Hours(now - last)} hours ago."), last)
            : null;

    /// <summary>Objects that webhooks named.</summary>
    public static AttentionItem? Find(string site, InboxFigures inbox, DateTimeOffset now)
        => inbox.Oldest is { } oldest && now - oldest > Inbox
            ? new(
                "inbox-old", site, "webhooks", Text($"{inbox.Waiting} objects that webhooks named are not read again yet."), oldest,
                Count: inbox.Waiting)
            : null;

    /// <summary>A file of which nothing else tells.</summary>
    public static AttentionItem? Find(string site, DateTimeOffset? untold, DateTimeOffset now)
        => untold is { } put && now - put > File
            ? new("file-old", site, "certificates", Text($"A file has been in the upload container for {Hours(now - put)} hours."), put)
            : null;

    private static int Hours(TimeSpan time) => (int)time.TotalHours;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

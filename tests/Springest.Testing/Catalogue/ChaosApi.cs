using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using System.Web;

namespace Springest.Testing.Catalogue;

/// <summary>
/// Trainings behind an API in memory that answers within the caller's own step, so that a simulation goes the same way every time.
/// What it is to get wrong is up to the simulation.
/// </summary>
internal sealed class ChaosApi(TimeProvider clock) : HttpMessageHandler
{
    private readonly Lock _lock = new();

    private All? _all;

    /// <summary>As they are at this moment: requests are answered while others change them.</summary>
    public ImmutableSortedDictionary<long, string> Records { get; private set; } = ImmutableSortedDictionary<long, string>.Empty;

    /// <summary>Before every answer; may change the data.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    /// <summary>Instead of the page at an offset; null for the right answer.</summary>
    public Func<int, HttpResponseMessage?> Fault { get; set; } = _ => null;

    /// <summary>False for a list that does not say how long it is.</summary>
    public bool TellsTotal { get; set; } = true;

    /// <summary>Instead of a single record; null for the right answer.</summary>
    public Func<long, HttpResponseMessage?> LookUpFault { get; set; } = _ => null;

    /// <summary>Records that break every answer that contains them.</summary>
    public HashSet<long> Broken { get; } = [];

    /// <summary>Records that no list shows.</summary>
    public HashSet<long> Unlisted { get; } = [];

    /// <summary>How far off the total is.</summary>
    public int TotalOff { get; set; }

    /// <summary>How many reviews there are.</summary>
    public int Reviews { get; set; }

    /// <summary>True while the lists are empty, and say so.</summary>
    public bool ListsNothing { get; set; }

    public int Requests { get; private set; }

    /// <summary>Requests of these for what was modified.</summary>
    public int Deltas { get; private set; }

    public static HttpResponseMessage Answer(string body, HttpStatusCode status = HttpStatusCode.OK)
        => new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public static string Page(IEnumerable<string> records, int offset, int? total)
    {
        var meta = total is null ? "" : $$"""
            "meta":{"results":{{total}},"offset":{{offset}}},
            """;
        return $$"""{{{meta}}"trainings":[{{string.Join(',', records)}}]}""";
    }

    /// <summary>From the page at an offset on, every list fails.</summary>
    public void FailFrom(int offset, HttpStatusCode status)
    {
        var failing = false;
        Fault = at => (failing |= at == offset) ? Answer("", status) : null;
    }

    /// <summary>Writes a record as changed now.</summary>
    public void Put(long id, string name)
        => Change(records => records.SetItem(
            id, $$"""{"id":{{id}},"modified":"{{clock.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}}","institute_id":501001,"name":"{{name}}"}"""));

    public void Remove(long id) => Change(records => records.Remove(id));

    /// <summary>Changes the records.</summary>
    public void Change(Func<ImmutableSortedDictionary<long, string>, ImmutableSortedDictionary<long, string>> change)
    {
        lock (_lock)
            Records = change(Records);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests++;
        await Before();
        var path = request.RequestUri!.AbsolutePath;
        if (path == "/reviews.json")
            return Answer(ReviewsPage(HttpUtility.ParseQueryString(request.RequestUri.Query)));
        if (path != "/trainings.json")
            return Find(long.Parse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture));
        var query = HttpUtility.ParseQueryString(request.RequestUri.Query);
        var (offset, size) = (
            int.Parse(query["offset"] ?? "0", CultureInfo.InvariantCulture),
            int.Parse(query["size"]!, CultureInfo.InvariantCulture));
        Deltas += query["modified_from"] is null ? 0 : 1;
        if (Fault(offset) is { } wrong)
            return wrong;
        var all = List(query["modified_from"]);
        var page = all.Skip(offset).Take(size).ToList();
        return page.Exists(record => Broken.Contains(record.Key))
            ? Answer("", HttpStatusCode.InternalServerError)
            : Answer(Page(page.Select(record => record.Value), offset, TellsTotal ? all.Count + TotalOff : null));
    }

    private List<KeyValuePair<long, string>> List(string? modifiedFrom)
    {
        if (ListsNothing)
            return [];
        var records = _all is { } all && all.Of == Records ? all : _all = new All(Records, [.. Records]);
        return modifiedFrom is null && Unlisted.Count == 0
            ? records.List
            : records.List.FindAll(record => !Unlisted.Contains(record.Key)
                && (modifiedFrom is null || string.CompareOrdinal(DayOf(record.Value), modifiedFrom) >= 0));
    }

    private string ReviewsPage(System.Collections.Specialized.NameValueCollection query)
    {
        var offset = int.Parse(query["offset"] ?? "0", CultureInfo.InvariantCulture);
        var ids = Enumerable.Range(offset, Math.Clamp(Reviews - offset, 0, int.Parse(query["size"]!, CultureInfo.InvariantCulture)));
        var reviews = string.Join(',', ids.Select(id => $$"""{"id":{{id}},"rating":8}"""));
        return $$"""{"meta":{"results":{{Reviews}},"offset":{{offset}}},"reviews":[{{reviews}}]}""";
    }

    private static string DayOf(string record) => record.Substring(record.IndexOf("\"modified\":\"", StringComparison.Ordinal) + 12, 10);

    private HttpResponseMessage Find(long id)
        => LookUpFault(id)
        ?? (Broken.Contains(id) ? Answer("", HttpStatusCode.InternalServerError) : null)
        ?? (
            Records.TryGetValue(id, out var record)
                ? Answer(Page([record], 0, 1))
                : Answer("""{"error":"Not found"}""", HttpStatusCode.NotFound));

    // The records in a form that can be read page by page, kept until they change.
    private sealed record All(object Of, List<KeyValuePair<long, string>> List);
}

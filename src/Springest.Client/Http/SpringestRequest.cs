using System.Globalization;
using System.Text;
using Springest.Client.Http.Bodies;

namespace Springest.Client.Http;

/// <summary>
/// What is asked of the API, apart from key and host. The path stands below the host, without leading slash and extension,
/// its segments escaped: <c>trainings/700123</c>.
/// </summary>
internal sealed record SpringestRequest(HttpMethod Method, string Path, SpringestKey Key = SpringestKey.General)
{
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>Format of the answer, which the path's extension asks for; null for the site's.</summary>
    public string? Extension { get; init; }

    /// <summary>Whether it is sent whatever became of others of its kind, and does not count among them.</summary>
    public bool DespiteFailures { get; init; }

    /// <summary>Makes the body; null for none.</summary>
    public Func<WriteContent>? Content { get; init; }

    /// <summary>What is to be done before an attempt that nothing stands against; null for nothing.</summary>
    public Func<CancellationToken, Task>? Prepare { get; init; }

    /// <summary>
    /// What is to be done at the last moment before an attempt is sent, with its permit in hand; again if the permit is too old by then and
    /// another one is taken. Null for nothing.
    /// </summary>
    public Func<CancellationToken, Task>? Begin { get; init; }

    /// <summary>For people: never with the query, which may hold e-mail addresses.</summary>
    public string Endpoint => $"{Method} /{Path}.{Extension}";

    /// <summary>Requests that fail together: a list, or the writes of one kind.</summary>
    public string Circuit => $"{Method} {(Path.StartsWith("autocomplete/", StringComparison.Ordinal) ? "autocomplete" : ListName)}";

    /// <summary>The id at the end of the path; null if there is none.</summary>
    public long? Id
        => long.TryParse(Path[(Path.LastIndexOf('/') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>The name of the list in the answer: the last word of the path that is no id.</summary>
    public string ListName => Path.Split('/').Last(segment => !long.TryParse(segment, out _)) is var name && name == "springsense"
        ? "trainings"
        : name;

    public SpringestRequest With(int offset, int size) => this with
    {
        Query =
        [
            .. Query,
            new("offset", offset.ToString(CultureInfo.InvariantCulture)),
            new("size", size.ToString(CultureInfo.InvariantCulture)),
        ],
    };

    public Uri AddressAt(Uri host)
    {
        var address = new StringBuilder(host.AbsoluteUri).Append(Path).Append('.').Append(Extension);
        var separator = '?';
        foreach (var (name, value) in Query)
        {
            address.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }
        return new Uri(address.ToString());
    }
}

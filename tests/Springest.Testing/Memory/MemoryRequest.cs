using System.Web;

namespace Springest.Testing.Memory;

/// <summary>A request as the services in memory see it.</summary>
/// <param name="Message">Method and headers.</param>
/// <param name="Body">What came with it.</param>
/// <param name="Now">The service's time.</param>
/// <param name="Version">The mark of what this request writes, never used before.</param>
internal sealed record MemoryRequest(HttpRequestMessage Message, byte[] Body, DateTimeOffset Now, string Version)
{
    private readonly System.Collections.Specialized.NameValueCollection _query = HttpUtility.ParseQueryString(Message.RequestUri!.Query);

    public Uri Uri => Message.RequestUri!;

    public string Method => Message.Method.Method;

    /// <summary>Behind the account's name, decoded.</summary>
    public string Path { get; } = Uri.UnescapeDataString(Message.RequestUri!.AbsolutePath.Split('/', 3).ElementAtOrDefault(2) ?? "");

    public string? Query(string name) => _query[name];

    public string? Header(string name)
        => Message.Headers.TryGetValues(name, out var values) || Message.Content?.Headers.TryGetValues(name, out values) == true
            ? string.Join(',', values)
            : null;
}

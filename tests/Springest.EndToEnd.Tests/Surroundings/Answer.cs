using System.Net;
using System.Text.Json;

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>What came back, as it came.</summary>
/// <param name="Status">The status.</param>
/// <param name="Headers">Those of the answer and of its content; several of one name are joined.</param>
/// <param name="Body">As text.</param>
public sealed record Answer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new(response.StatusCode, headers, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}

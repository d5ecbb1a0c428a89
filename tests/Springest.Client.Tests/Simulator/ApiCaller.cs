using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Springest.Simulator;

namespace Springest.Client.Tests.Simulator;

/// <summary>Asks a simulator as a plain HTTP client does.</summary>
internal sealed class ApiCaller(SimulatorServer simulator, string key = "simulator-key") : IDisposable
{
    private readonly HttpClient _http = QuietHttp.To(simulator.Address);

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null)
        => _http.SendAsync(new HttpRequestMessage(method, WithKey(path)) { Content = content }, Ended);

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await GetAsync(path);
        return answer.StatusCode;
    }

    public async Task<JsonObject> JsonAsync(string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await GetAsync(path);
        return await JsonAsync(answer, expected);
    }

    public async Task<XElement> XmlAsync(string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync(Ended);
        Assert.True(answer.StatusCode == expected, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/xml", answer.Content.Headers.ContentType!.MediaType);
        return XElement.Parse(text, LoadOptions.PreserveWhitespace);
    }

    public async Task<JsonObject> PostAsync(string path, HttpContent? content, HttpStatusCode expected = HttpStatusCode.Created)
    {
        using var answer = await SendAsync(HttpMethod.Post, path, content);
        return await JsonAsync(answer, expected);
    }

    public Task<JsonObject> PostAsync(string path, JsonNode body, HttpStatusCode expected = HttpStatusCode.Created)
        => PostAsync(path, Json(body), expected);

    public async Task<JsonObject> PatchAsync(string path, JsonNode body, HttpStatusCode expected)
    {
        using var answer = await SendAsync(HttpMethod.Patch, path, Json(body));
        return await JsonAsync(answer, expected);
    }

    /// <summary>The faults of a 400 as <c>field: fault</c>.</summary>
    public static IEnumerable<string> Faults(JsonObject answer)
        => answer["error"]!.AsObject().SelectMany(field => field.Value!.AsArray().Select(fault => $"{field.Key}: {fault}"));

    public static StringContent Json(JsonNode body) => new(body.ToJsonString(), MediaTypeHeaderValue.Parse("application/json"));

    public void Dispose() => _http.Dispose();

    private static async Task<JsonObject> JsonAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync(Ended);
        Assert.True(answer.StatusCode == expected, $"{answer.StatusCode}: {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    private string WithKey(string path) => $"{path}{(path.Contains('?') ? '&' : '?')}api_key={key}";
}

using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker.Http;

namespace Springest.Functions.Http;

/// <summary>What callers are answered: JSON, or a problem (RFC 9457) whose detail says what was wrong and what would be right.</summary>
internal static partial class Answers
{
    public static async Task<HttpResponseData> JsonAsync(
        this HttpRequestData request, HttpStatusCode status, byte[] json, string contentType = "application/json; charset=utf-8")
    {
        var response = request.CreateResponse(status);
        response.Headers.Add("Content-Type", contentType);
        await response.WriteBytesAsync(json, request.FunctionContext.CancellationToken);
        return response;
    }

    public static Task<HttpResponseData> ProblemAsync(this HttpRequestData request, HttpStatusCode status, string detail)
        => request.JsonAsync(
            status,
            JsonSerializer.SerializeToUtf8Bytes(new Problem("about:blank", Title(status), (int)status, detail), ProblemJson.Default.Problem),
            "application/problem+json");

    private static string Title(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => "Not understood",
        HttpStatusCode.NotFound => "Not found",
        HttpStatusCode.MethodNotAllowed => "Method not allowed",
        HttpStatusCode.RequestTimeout => "Too slow",
        HttpStatusCode.Conflict => "Not in this state",
        HttpStatusCode.Gone => "No longer there",
        HttpStatusCode.RequestEntityTooLarge => "Too large",
        HttpStatusCode.UnsupportedMediaType => "Unsupported encoding",
        _ => "Not available",
    };

    private sealed record Problem(string Type, string Title, int Status, string Detail);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Problem))]
    private sealed partial class ProblemJson : JsonSerializerContext;
}

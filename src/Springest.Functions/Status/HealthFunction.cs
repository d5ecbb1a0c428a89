using System.Net;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Springest.Functions.Status;

/// <summary>For probes: 200 if the app can do its work, 503 if not. Says which part, and nothing else.</summary>
public sealed class HealthFunction(HealthCheck check)
{
    [Function("GetHealth")]
    public async Task<HttpResponseData> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequestData request)
    {
        var cancellationToken = request.FunctionContext.CancellationToken;
        var parts = await check.RunAsync(cancellationToken);
        var isWell = parts.Values.All(part => part);
        var response = request.CreateResponse(isWell ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable);
        response.Headers.Add("Content-Type", "application/json");
        response.Headers.Add("Cache-Control", "no-store");
        var body = new Dictionary<string, string> { ["status"] = Word(isWell) };
        foreach (var (part, well) in parts)
            body[part] = Word(well);
        await response.WriteBytesAsync(JsonSerializer.SerializeToUtf8Bytes(body), cancellationToken);
        return response;
    }

    private static string Word(bool isWell) => isWell ? "ok" : "failed";
}

using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Springest.Functions.Status;

/// <summary>How the app stands, as JSON: what the dashboard shows.</summary>
public sealed partial class StatusFunction(StatusReader reader)
{
    [Function("GetStatus")]
    public async Task<HttpResponseData> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "status")] HttpRequestData request)
    {
        var cancellationToken = request.FunctionContext.CancellationToken;
        var report = await reader.ReadAsync(cancellationToken);
        var response = request.CreateResponse(HttpStatusCode.OK);
        response.Headers.Add("Content-Type", "application/json");
        response.Headers.Add("Cache-Control", "no-store");
        await response.WriteBytesAsync(JsonSerializer.SerializeToUtf8Bytes(report, StatusJson.Default.StatusReport), cancellationToken);
        return response;
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(StatusReport))]
    private sealed partial class StatusJson : JsonSerializerContext;
}

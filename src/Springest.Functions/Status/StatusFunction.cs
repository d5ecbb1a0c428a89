using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Springest.Functions.Http;

namespace Springest.Functions.Status;

/// <summary>How the app stands, as JSON: what the dashboard shows.</summary>
public sealed partial class StatusFunction(StatusReader reader)
{
    [Function("GetStatus")]
    public async Task<HttpResponseData> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "status")] HttpRequestData request)
    {
        var report = await reader.ReadAsync(request.FunctionContext.CancellationToken);
        var response = await request.JsonAsync(HttpStatusCode.OK, JsonSerializer.SerializeToUtf8Bytes(report, StatusJson.Default.StatusReport));
        response.Headers.Add("Cache-Control", "no-store");
        return response;
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(StatusReport))]
    private sealed partial class StatusJson : JsonSerializerContext;
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Access;
using Springest.Functions.Http;
using Springest.Functions.Status.Report;

namespace Springest.Functions.Status;

/// <summary>How the app stands, as JSON: what the console shows.</summary>
public sealed partial class StatusFunction(StatusReader reader)
{
    /// <summary>How the app stands: what the console shows.</summary>
    [Function("GetStatus")]
    [RequiresRole(AccessRole.Viewer)]
    [ProducesResponseType<StatusReport>(StatusCodes.Status200OK)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "status")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        return Answers.Json(await reader.ReadAsync(cancellationToken), StatusJson.Default);
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(StatusReport))]
    private sealed partial class StatusJson : JsonSerializerContext;
}

using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Access;
using Springest.Functions.Http;

namespace Springest.Functions.Status;

/// <summary>For probes: 200 if the app can do its work, 503 if not. Viewers are told which part cannot.</summary>
public sealed class HealthFunction(HealthCheck check)
{
    /// <summary>Whether the app can do its work; for viewers by part.</summary>
    [Function("GetHealth")]
    [Public("A word whether the app is well; why not is told to viewers.")]
    [ProducesResponseType<Dictionary<string, string>>(StatusCodes.Status200OK, Description = "Every part is ok.")]
    [ProducesResponseType<Dictionary<string, string>>(StatusCodes.Status503ServiceUnavailable, Description = "A part has failed.")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var parts = await check.RunAsync(cancellationToken);
        var isWell = parts.Values.All(part => part);
        var body = new Dictionary<string, string> { ["status"] = Word(isWell) };
        if (Caller.Find(request)?.Role >= AccessRole.Viewer)
        {
            foreach (var (part, well) in parts)
                body[part] = Word(well);
        }

        var response = request.HttpContext.Response;
        response.StatusCode = isWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return Answers.Json(JsonSerializer.SerializeToUtf8Bytes(body));
    }

    private static string Word(bool isWell) => isWell ? "ok" : "failed";
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Access;

namespace Springest.Functions.OpenApi;

/// <summary>The description of all addresses, for generators of clients and for tests.</summary>
public sealed class OpenApiFunction(ApiDescription description)
{
    /// <summary>This description, as OpenAPI 3.1.</summary>
    [Function("GetOpenApi")]
    [RequiresRole(AccessRole.Reader)]
    [ProducesResponseType<string>(StatusCodes.Status200OK)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "openapi.json")] HttpRequest request)
        => TypedResults.Text(await description.Json, "application/json; charset=utf-8");
}

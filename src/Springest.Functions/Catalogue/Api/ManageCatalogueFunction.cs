using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Access;
using Springest.Functions.Catalogue.State;
using Springest.Functions.Http;
using Springest.Functions.Sites;

namespace Springest.Functions.Catalogue.Api;

/// <summary>Operators' commands: <c>POST /api/manage/catalogue/{site}/{resource}/{command}</c>, for operators.</summary>
public sealed class ManageCatalogueFunction(SpringestClients clients, CatalogueStore store)
{
    /// <summary>Answers 202: the next tick executes it. 404 for a site, resource or command that there is not.</summary>
    [Function("CommandMirror")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType(StatusCodes.Status202Accepted)]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/catalogue/{site}/{resource}/{command}")] HttpRequest request,
        string site,
        string resource,
        string command,
        CancellationToken cancellationToken)
    {
        if (!CatalogueAddress.TryFind(clients, site, resource, out var scope, out var problem))
            return Answers.Problem(HttpStatusCode.NotFound, problem);
        if (Parse(command) is not { } kind)
            return Answers.Problem(
                HttpStatusCode.NotFound,
                $"There is no command '{command}'. There are: {string.Join(", ", Enum.GetNames<SyncCommand>()).ToLowerInvariant()}.");
        await store.Commands(scope).EnqueueAsync(kind, Caller.Find(request)?.ToString(), cancellationToken);
        return TypedResults.StatusCode(StatusCodes.Status202Accepted);
    }

    private static SyncCommand? Parse(string command)
        => Enum.GetNames<SyncCommand>().Contains(command, StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<SyncCommand>(command, ignoreCase: true)
            : null;
}

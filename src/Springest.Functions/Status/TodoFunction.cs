using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Access;
using Springest.Functions.Http;
using Springest.Functions.Status.Report;

namespace Springest.Functions.Status;

/// <summary>What waits for a person, for pages that stay open: one read of storage, and 304 while nothing changes.</summary>
public sealed partial class TodoFunction(TodoBoard board)
{
    /// <summary>
    /// What waits for a person, as of the last minute; with <c>?now=true</c> as of now. <c>Last-Modified</c> says when that was.
    /// </summary>
    [Function("GetTodo")]
    [RequiresRole(AccessRole.Viewer)]
    [QueryParameter("now", "true has everything looked at now, which takes longer.")]
    [ProducesResponseType<TodoList>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status304NotModified, Description = "Nothing has changed: If-None-Match names the ETag.")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "todo")] HttpRequest request, CancellationToken cancellationToken)
    {
        var isNow = string.Equals(request.Query["now"], "true", StringComparison.OrdinalIgnoreCase);
        var state = (isNow ? null : await board.ReadAsync(cancellationToken)) ?? await board.RenewAsync(cancellationToken);
        var caller = Caller.Find(request)!;
        request.HttpContext.Response.Headers.LastModified = state.At.ToString("R");
        return Answers.Json(
            JsonSerializer.SerializeToUtf8Bytes(
                new TodoList(caller.Name, caller.Role.ToString().ToLowerInvariant(), state.Board.Sites, state.Board.Attention),
                TodoJson.Default.TodoList),
            $"\"{state.Hash}-{caller}\"".Replace(' ', '-'));
    }

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(TodoList))]
    private sealed partial class TodoJson : JsonSerializerContext;
}

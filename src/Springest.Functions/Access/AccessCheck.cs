using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Http;

namespace Springest.Functions.Access;

/// <summary>
/// Decides who is let in to an HTTP function, by the role that it declares; to one that declares none, nobody. Refuses parameters that
/// the function does not declare, and notes who commands what before it is done.
/// </summary>
public sealed class AccessCheck(AccessKeys keys, OperatorLog log, AccessMetrics metrics)
{
    private static readonly Dictionary<string, MethodInfo> Functions = typeof(AccessCheck).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods()).Where(method => method.IsDefined(typeof(FunctionAttribute)))
        .ToDictionary(method => method.GetCustomAttribute<FunctionAttribute>()!.Name);

    /// <summary>Lets a request in, with the caller among its features, or not.</summary>
    /// <param name="http">The request, and the answer's headers.</param>
    /// <param name="function">Name of the function that it is for.</param>
    /// <returns>The answer for who is not let in; null if the function is to answer.</returns>
    public async Task<IResult?> RunAsync(HttpContext http, string function)
    {
        // Of every answer, whoever made it; a function that may be cached says so itself.
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        var method = Functions.GetValueOrDefault(function);
        var isPublic = method?.IsDefined(typeof(PublicAttribute)) is true;
        var shown = http.Request.Headers[AccessKey.Header];
        if (shown.Count == 0 && isPublic)
            return null;
        if (shown is not [{ Length: > 0 } value])
            return Refuse("none", HttpStatusCode.Unauthorized, $"An access key is needed, once, in the header {AccessKey.Header}.");
        if (await keys.ReadAsync(http.RequestAborted) is not { } known)
            return Refuse(
                "unreadable", HttpStatusCode.ServiceUnavailable, "The app cannot read its access keys now. Its log says why.");
        if (AccessKeys.Find(known, value) is not { } key)
            return Refuse(
                "unknown", HttpStatusCode.Unauthorized, "The access key is unknown: it was removed, or never given out.");
        var caller = new Caller(key.Name, key.Role);
        http.Features.Set(caller);
        if (isPublic)
            return null;
        if (method?.GetCustomAttribute<RequiresRoleAttribute>() is not { Role: var role } required)
            return Refuse("undeclared", HttpStatusCode.Forbidden, "This address does not declare who may use it, and so nobody may.");
        if (caller.Role < role)
            return Refuse(
                "role", HttpStatusCode.Forbidden,
                $"The key has the role {Word(caller.Role)}; this address needs the role {Word(role)}.");
        // A page of another site cannot send the header, unless somebody lets it; then this still holds.
        if (http.Request.Headers["Sec-Fetch-Site"] is ["cross-site"])
            return Refuse("cross-site", HttpStatusCode.Forbidden, "A page of another site must not use this address.");
        string[] parameters = [.. method.GetCustomAttributes<QueryParameterAttribute>().Select(parameter => parameter.Name)];
        if (QueryParameters.FindUnknown(http.Request, parameters) is { } unknown)
            return Answers.Problem(HttpStatusCode.BadRequest, unknown);
        if (role == AccessRole.Operator && required.IsLogged)
            await log.NoteAsync(caller, function, http.Request, parameters);
        return null;

        IResult? Refuse(string reason, HttpStatusCode status, string why)
        {
            metrics.Refuse(function, reason);
            // What everybody may see is not refused for a key that nobody asked for.
            return isPublic ? null : Answer(http, status, why);
        }
    }

    private static ProblemHttpResult Answer(HttpContext http, HttpStatusCode status, string why)
    {
        if (status == HttpStatusCode.Unauthorized)
            http.Response.Headers.WWWAuthenticate = $"AccessKey header=\"{AccessKey.Header}\"";
        if (status == HttpStatusCode.ServiceUnavailable)
            http.Response.Headers.RetryAfter = "30";
        return Answers.Problem(status, why);
    }

    private static string Word(AccessRole role) => role.ToString().ToLowerInvariant();
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Net.Http.Headers;
using Springest.Functions.Access;
using Springest.Functions.Http;

namespace Springest.Functions.WebConsole;

/// <summary>
/// The page on which people see how the app is doing, decide, and send certificates. It and its files are open to everybody because there
/// is nothing in them: the page asks for the access key, keeps it in the browser's tab, and fetches everything with it.
/// </summary>
public sealed class ConsoleFunctions(ConsoleFiles files)
{
    internal const string Page = "GetConsole";

    // Nothing but its own files, and no request to anywhere but here. A text never becomes markup or code, whatever it holds.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    /// <summary>The console, a page for people.</summary>
    [Function(Page)]
    [Public("It holds no data: it asks for the access key itself.")]
    [ProducesResponseType<string>(StatusCodes.Status200OK, "text/html")]
    [ProducesResponseType(StatusCodes.Status304NotModified, Description = "The browser has it.")]
    public IResult GetPage([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "console")] HttpRequest request)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return Answer(request, files.Page);
    }

    /// <summary>A file of the console: a script, its style, its words, its icon or a guide.</summary>
    [Function("GetConsoleFile")]
    [Public("It holds no data, and is in the app's public source.")]
    [ProducesResponseType<string>(
        StatusCodes.Status200OK, "text/javascript", "text/css", "application/json", "image/svg+xml", "text/plain")]
    [ProducesResponseType(StatusCodes.Status304NotModified, Description = "The browser has it.")]
    public IResult GetFile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "console/{file}")] HttpRequest request, string file)
        => files.Find(file) is { } known
            ? Answer(request, known)
            : Answers.Problem(System.Net.HttpStatusCode.NotFound, "The console has no such file.");

    private static FileContentHttpResult Answer(HttpRequest request, ConsoleFiles.Content file)
    {
        // Asked for each time, so that no page of one version meets a script of another, and sent only when it has changed.
        request.HttpContext.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(file.Bytes, file.Type, entityTag: new EntityTagHeaderValue(file.ETag));
    }
}

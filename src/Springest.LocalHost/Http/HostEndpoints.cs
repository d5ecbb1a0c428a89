using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Primitives;
using Springest.LocalHost.Jobs;

namespace Springest.LocalHost.Http;

/// <summary>What the host answers: the functions, once they are known, and the platform's own addresses.</summary>
internal sealed class HostEndpoints(FunctionForwarder http, FunctionKeys keys, HostSettings settings, PublishedApp app, BlobEvents blobs)
    : EndpointDataSource, IDisposable
{
    private const string HomePage = "<!doctype html><title>Functions</title><p>The functions host is running.</p>";
    private readonly CancellationTokenSource _known = new();
    private IReadOnlyList<Endpoint> _endpoints = [];

    public override IReadOnlyList<Endpoint> Endpoints => _endpoints;

    // They change once.
    public override IChangeToken GetChangeToken() => new CancellationChangeToken(_endpoints.Count == 0 ? _known.Token : default);

    public void Open(IEnumerable<WorkerFunction> functions, JobsHost jobs)
    {
        _endpoints =
        [
            .. functions.Where(function => function.Type is WorkerFunction.HttpTrigger).Select(function => EndpointAt(
                $"{app.RoutePrefix}/{function.Text("route") ?? function.Name}",
                [.. function.Trigger["methods"]?.AsArray().Select(method => $"{method}") ?? []],
                context => http.AnswerAsync(context, function))),
            EndpointAt(BlobEvents.Route, ["POST"], http => keys.OpenExtension(http.Request) ? blobs.AnswerAsync(http) : RefuseAsync(http)),
            EndpointAt("admin/functions", ["GET"], http => keys.OpenAll(http.Request)
                ? Results.Json(functions.Select(function => new { name = function.Name })).ExecuteAsync(http)
                : RefuseAsync(http)),
            EndpointAt("admin/functions/{name}", ["POST"], http => !keys.OpenAll(http.Request)
                ? RefuseAsync(http)
                : (jobs.StartTimer($"{http.Request.RouteValues["name"]}") ? Results.Accepted() : Results.NotFound()).ExecuteAsync(http)),
            EndpointAt("", ["GET"], (settings.HasHomePage ? Results.Content(HomePage, "text/html") : Results.NoContent()).ExecuteAsync),
        ];
        _known.Cancel();
    }

    public void Dispose() => _known.Dispose();

    private static RouteEndpoint EndpointAt(string route, string[] methods, RequestDelegate answer)
    {
        // A constraint and not the router's own method matching: on the platform a wrong method is 404, not 405.
        var policies = methods.Length > 0 ? new { httpMethod = new HttpMethodRouteConstraint(methods) } : null;
        return new RouteEndpoint(answer, RoutePatternFactory.Parse(route, defaults: null, policies), order: 0, metadata: null, route);
    }

    private Task RefuseAsync(HttpContext http)
        => Results.StatusCode(keys.Know(http.Request) ? 403 : 401).ExecuteAsync(http);
}

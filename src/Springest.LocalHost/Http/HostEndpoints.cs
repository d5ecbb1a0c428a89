using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Primitives;
using Springest.LocalHost.Jobs;

namespace Springest.LocalHost.Http;

/// <summary>What the host answers: the functions, once they are known, and the platform's own addresses.</summary>
internal sealed class HostEndpoints(
    FunctionForwarder forwarder, FunctionKeys keys, HostSettings settings, PublishedApp app, JobsHost jobs, BlobEvents events)
    : EndpointDataSource, IDisposable
{
    private const string HomePage = "<!doctype html><title>Functions</title><p>The functions host is running.</p>";
    private readonly CancellationTokenSource _known = new();
    private IReadOnlyList<Endpoint> _endpoints = [];

    public override IReadOnlyList<Endpoint> Endpoints => _endpoints;

    // They change once.
    public override IChangeToken GetChangeToken() => new CancellationChangeToken(_endpoints.Count == 0 ? _known.Token : CancellationToken.None);

    public void Open(IEnumerable<WorkerFunction> functions)
    {
        _endpoints =
        [
            .. functions.Where(function => function.TriggerType is WorkerFunction.HttpTrigger).Select(function => EndpointAt(
                $"{app.RoutePrefix}/{function.Text("route") ?? function.Name}",
                [.. function.Trigger["methods"]?.AsArray().Select(method => $"{method}") ?? []],
                http => forwarder.AnswerAsync(http, function))),
            EndpointAt(BlobEvents.Route, ["POST"], http => keys.OpenExtension(http.Request) ? events.AnswerAsync(http) : RefuseAsync(http)),
            EndpointAt("admin/functions/{name}", ["POST"], http => keys.OpenAll(http.Request) ? StartTimerAsync(http) : RefuseAsync(http)),
            EndpointAt("", ["GET"], http => (settings.HasHomePage ? Results.Content(HomePage, "text/html") : Results.NoContent()).ExecuteAsync(http)),
        ];
        _known.Cancel();
    }

    public void Dispose() => _known.Dispose();

    private static RouteEndpoint EndpointAt(string route, string[] methods, RequestDelegate answer)
    {
        // A constraint and not the router's own method matching: on the platform a wrong method is 404, not 405.
        var policies = methods.Length > 0 ? new { httpMethod = new HttpMethodRouteConstraint(methods) } : null;
        return (RouteEndpoint)new RouteEndpointBuilder(answer, RoutePatternFactory.Parse(route, defaults: null, policies), order: 0).Build();
    }

    private Task RefuseAsync(HttpContext http)
        => Results.StatusCode(keys.Know(http.Request) ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized).ExecuteAsync(http);

    private Task StartTimerAsync(HttpContext http)
        => (jobs.StartTimer($"{http.Request.RouteValues["name"]}") ? Results.Accepted() : Results.NotFound()).ExecuteAsync(http);
}

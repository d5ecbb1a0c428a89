using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Primitives;
using Springest.LocalHost.Jobs;
using Springest.LocalHost.Settings;
using Springest.LocalHost.Workers;

namespace Springest.LocalHost.Http;

/// <summary>What the host answers: the functions, once they are known, and the platform's own addresses.</summary>
/// <param name="functions">Answer for the worker.</param>
/// <param name="keys">Open what is not for everybody.</param>
/// <param name="settings">Whether there is a home page.</param>
/// <param name="hostJson">The prefix of routes.</param>
internal sealed class HostEndpoints(FunctionForwarder functions, FunctionKeys keys, HostSettings settings, HostJson hostJson) : EndpointDataSource, IDisposable
{
    private const string HomePage = "<!doctype html><title>Functions</title><p>The functions host is running.</p>";

    private readonly CancellationTokenSource _known = new();
    private IReadOnlyList<Endpoint> _endpoints = [];

    /// <inheritdoc/>
    public override IReadOnlyList<Endpoint> Endpoints => _endpoints;

    /// <inheritdoc/>
    public override IChangeToken GetChangeToken() => new CancellationChangeToken(_known.Token);

    /// <summary>Begins to answer.</summary>
    /// <exception cref="HostException">A function's route is not one.</exception>
    public void Open(IEnumerable<WorkerFunction> all, JobsHost jobs, BlobEvents events)
    {
        _endpoints =
        [
            .. all.Where(function => function.TriggerType is WorkerFunction.HttpTrigger).Select(Endpoint),
            Endpoint("runtime/webhooks/blobs", "POST", http => IsRefused(http, keys.OpenExtension(http.Request)) ? Task.CompletedTask : events.AnswerAsync(http)),
            Endpoint("admin/functions/{name}", "POST", http => IsRefused(http, keys.OpenAll(http.Request)) ? Task.CompletedTask : jobs.StartByHandAsync(http)),
            Endpoint("", "GET", AnswerHomeAsync),
        ];
        _known.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose() => _known.Dispose();

    private RouteEndpoint Endpoint(WorkerFunction function)
    {
        try
        {
            return Endpoint($"{hostJson.RoutePrefix}/{function.Text("route") ?? function.Name}", function.Texts("methods"), http => functions.AnswerAsync(http, function));
        }
        catch (RoutePatternException exception)
        {
            throw new HostException($"Function {function.Name}: its route '{function.Text("route")}' is wrong. {exception.Message}", exception);
        }
    }

    private static RouteEndpoint Endpoint(string route, string method, RequestDelegate answer) => Endpoint(route, [method], answer);

    private static RouteEndpoint Endpoint(string route, string[] methods, RequestDelegate answer)
    {
        // A constraint and not the router's own method matching: on the platform a wrong method is 404, not 405.
        var policies = methods.Length > 0 ? new { httpMethod = new HttpMethodRouteConstraint(methods) } : null;
        return (RouteEndpoint)new RouteEndpointBuilder(answer, RoutePatternFactory.Parse(route, defaults: null, policies), order: 0).Build();
    }

    private bool IsRefused(HttpContext http, bool isOpen)
    {
        if (!isOpen)
            http.Response.StatusCode = keys.Know(http.Request) ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
        return !isOpen;
    }

    private Task AnswerHomeAsync(HttpContext http)
    {
        if (settings.ShowHomePage)
            return Results.Content(HomePage, "text/html").ExecuteAsync(http);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}

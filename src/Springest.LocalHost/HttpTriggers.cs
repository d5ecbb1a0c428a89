using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;

namespace Springest.LocalHost;

/// <summary>Serves the HTTP functions, and the platform's own address to start a timer by hand.</summary>
internal sealed class HttpTriggers(
    FunctionCatalog catalog, FunctionInvoker invoker, FunctionKeys keys, TimerTriggers timers, HostJson hostJson,
    ParameterPolicyFactory policies, IHostApplicationLifetime lifetime)
{
    /// <exception cref="FunctionsHostException">A route names a constraint that does not exist.</exception>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var function in catalog.Http)
            endpoints.Map(Pattern(function), context => AnswerAsync(context, function));
        endpoints.MapPost("admin/functions/{name}", StartTimer);
    }

    private RoutePattern Pattern(HttpFunction function)
    {
        CheckConstraints(function);
        // A constraint and not the router's own method matching: on the platform a wrong method is 404, not 405.
        var methods = function.Methods.Count == 0 ? null : new { httpMethod = new HttpMethodRouteConstraint([.. function.Methods]) };
        return RoutePatternFactory.Parse($"{hostJson.RoutePrefix}/{function.Route.RawText}", defaults: null, parameterPolicies: methods);
    }

    private void CheckConstraints(HttpFunction function)
    {
        try
        {
            foreach (var parameter in function.Route.Parameters)
                foreach (var policy in parameter.ParameterPolicies)
                    policies.Create(parameter, policy);
        }
        catch (Exception exception) when (exception is InvalidOperationException or RouteCreationException)
        {
            throw new FunctionsHostException(
                $"Function {function.Function.Name}: its route '{function.Route.RawText}' is wrong. {exception.Message}", exception);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a function throws is an answer of 500; the invoker has logged it.")]
    private async Task AnswerAsync(HttpContext http, HttpFunction function)
    {
        if (Refuse(http, function.Level))
            return;

        try
        {
            await invoker.InvokeAsync(function.Function, InvocationFor(http), http.RequestAborted);
        }
        catch (Exception exception)
        {
            if (http.Response.HasStarted)
                http.Abort();
            else
                Answer(http, exception is BadHttpRequestException bad ? bad.StatusCode
                    : lifetime.ApplicationStopping.IsCancellationRequested ? StatusCodes.Status503ServiceUnavailable
                    : StatusCodes.Status500InternalServerError);
        }
    }

    private static Invocation InvocationFor(HttpContext http) => new()
    {
        Trigger = context => new LocalHttpRequestData(http.Request, context),
        BindingData = new Dictionary<string, object?>(http.Request.RouteValues, StringComparer.OrdinalIgnoreCase),
        Respond = (response, cancellationToken) => LocalHttpResponseData.WriteAsync(response, http.Response, cancellationToken),
    };

    private void StartTimer(HttpContext http, string name)
    {
        if (!Refuse(http, AuthorizationLevel.Admin))
            http.Response.StatusCode = timers.StartNow(name) ? StatusCodes.Status202Accepted : StatusCodes.Status404NotFound;
    }

    private bool Refuse(HttpContext http, AuthorizationLevel level)
    {
        if (!keys.Open(http.Request, level))
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else if (lifetime.ApplicationStopping.IsCancellationRequested)
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        else
            return false;
        return true;
    }

    private static void Answer(HttpContext http, int status)
    {
        http.Response.Clear();
        http.Response.StatusCode = status;
    }
}

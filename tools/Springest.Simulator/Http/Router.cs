using Microsoft.AspNetCore.Http;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Keys;

namespace Springest.Simulator.Http;

/// <summary>Finds the endpoint of a path, and answers for the paths that have none.</summary>
internal static class Router
{
    public static async Task<(Reply Reply, ApiFormat Format)> AnswerAsync(
        HttpContext context, SimulatorServer simulator, SimulatorKey? key, Behaviour behaviour)
    {
        var (path, format) = Split(context.Request, behaviour);
        if (key is null)
            return (Reply.Error(behaviour.UnknownKeyStatus, behaviour.UnknownKeyStatus == 401 ? "Unauthorized" : "Forbidden"), format
                ?? ApiFormat.Json);
        if (format is null)
            return (Reply.NotFound(), ApiFormat.Json);

        var found = Routes.All
            .Where(route => !route.Legacy || behaviour.LegacyRoutes)
            .Select(route => (Route: route, Values: route.Match(path)))
            .Where(match => match.Values is not null)
            .ToList();
        if (found.Count == 0)
            return (Reply.NotFound(), format.Value);
        var (endpoint, values) = found.FirstOrDefault(match => match.Route.Method == context.Request.Method);
        if (endpoint is null)
            return (NotAllowed(found.Select(match => match.Route.Method), behaviour.MethodNotAllowedText), format.Value);
        if (!key.Features.HasFlag(endpoint.Feature))
            return (Reply.Forbidden(), format.Value);
        return (await HandleAsync(endpoint, new Call(context, simulator, key, behaviour, format.Value, values!)), format.Value);
    }

    private static async Task<Reply> HandleAsync(Route endpoint, Call call)
    {
        try
        {
            return await endpoint.Handle(call);
        }
        catch (BadParameterException bad)
        {
            var faults = new FieldFaults();
            faults.Add(bad.Parameter, bad.Fault);
            return call.Invalid(faults);
        }
    }

    private static Reply NotAllowed(IEnumerable<string> methods, string message)
    {
        var allow = new Dictionary<string, string> { ["Allow"] = string.Join(", ", methods.Distinct()) };
        return Reply.Error(405, message) with { Headers = allow };
    }

    /// <summary>The path's segments without the extension, and the format that it stands for; null if it stands for none.</summary>
    private static (string[] Segments, ApiFormat? Format) Split(HttpRequest request, Behaviour behaviour)
    {
        var segments = request.RawPath().Trim('/').Split('/').Select(Uri.UnescapeDataString).ToArray();
        var last = segments[^1];
        var dot = last.LastIndexOf('.');
        if (dot < 0)
            return (segments, behaviour.WithoutExtension ? ApiFormat.Json : null);
        segments[^1] = last[..dot];
        return (segments, last[(dot + 1)..] switch
        {
            "json" => ApiFormat.Json,
            "xml" when behaviour.Xml => ApiFormat.Xml,
            "jsonp" when segments[0] == "autocomplete" => ApiFormat.Jsonp,
            _ => null,
        });
    }
}

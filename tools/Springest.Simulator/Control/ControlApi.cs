using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Springest.Simulator.Http;

namespace Springest.Simulator.Control;

/// <summary>What tests reach as objects, over HTTP, for the simulator as a program. Needs no key, and is not recorded.</summary>
internal sealed class ControlApi(SimulatorServer simulator)
{
    private const string Root = "/_simulator";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JsonText.Options.Encoder,
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
    };

    private static readonly IReadOnlyList<ControlRoute> Routes =
        [.. StateControl.Routes, .. CatalogueControl.Routes, .. WebhookControl.Routes];

    public static bool Takes(HttpRequest request) => request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await AnswerAsync(context);
        }
        catch (ControlException refused)
        {
            await RefuseAsync(context, refused.Status, refused.Message);
        }
        catch (ArgumentException wrong)
        {
            await RefuseAsync(context, 400, wrong.Message);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error = message }, Json, context.RequestAborted);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries)[1..];
        if (path.Length == 0)
        {
            await context.Response.WriteAsync(Help(), context.RequestAborted);
            return;
        }

        foreach (var route in Routes)
        {
            if (route.Match(context.Request, path) is not { } values)
                continue;
            var result = await route.Handle(new ControlCall(context, simulator, values));
            if (result is null)
                context.Response.StatusCode = 204;
            else
                await context.Response.WriteAsJsonAsync(result, Json, context.RequestAborted);
            return;
        }

        throw new ControlException(404, $"There is no {context.Request.Method} {context.Request.Path}. GET {Root} lists what there is.");
    }

    private static string Help()
    {
        var width = Routes.Max(route => route.Method.Length + route.Pattern.Length) + 3;
        var lines = Routes.Select(route => $"  {$"{route.Method} {route.Pattern}".PadRight(width)}{route.Summary}");
        return $"An imitation of the Springest API. Below {Root}:\n\n{string.Join('\n', lines)}\n";
    }
}

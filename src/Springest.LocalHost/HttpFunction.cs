using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Springest.LocalHost;

/// <summary>A function that answers HTTP requests.</summary>
internal sealed partial class HttpFunction
{
    private static readonly Type[] Answers =
    [
        typeof(void), typeof(Task), typeof(ValueTask),
        typeof(HttpResponseData), typeof(Task<HttpResponseData>), typeof(ValueTask<HttpResponseData>),
    ];

    public HttpFunction(string name, MethodInfo method, ParameterInfo trigger, HttpTriggerAttribute attribute)
    {
        if (trigger.ParameterType != typeof(HttpRequestData))
            throw new FunctionsHostException($"Its HTTP trigger must be a parameter of type HttpRequestData, not {trigger.ParameterType.Name}.");
        if (!Answers.Contains(method.ReturnType))
            throw new FunctionsHostException("It must return HttpResponseData, nothing, or a task of either.");
        if (attribute.AuthLevel == AuthorizationLevel.User)
            throw new FunctionsHostException("The level User is not supported; use Anonymous, Function, System or Admin.");

        Route = ParseRoute(attribute.Route?.Trim('/') is { Length: > 0 } route ? route : name);
        Methods = attribute.Methods ?? [];
        Level = attribute.AuthLevel;
        Function = new Function(name, method, "httpTrigger", parameter
            => parameter.Position == trigger.Position ? context => new(context.Trigger)
                : Route.GetParameter(parameter.Name!) is null ? null
                : BindRouteValue(parameter));
    }

    public Function Function { get; }

    /// <summary>Without the prefix of host.json.</summary>
    public RoutePattern Route { get; }

    /// <summary>Empty for all.</summary>
    public IReadOnlyList<string> Methods { get; }

    public AuthorizationLevel Level { get; }

    /// <summary>Whether some request would be for both.</summary>
    public bool Overlaps(HttpFunction other)
        => Shape(Route) == Shape(other.Route)
            && (Methods.Count == 0 || other.Methods.Count == 0 || Methods.Intersect(other.Methods, StringComparer.OrdinalIgnoreCase).Any());

    // What a parameter is called makes no difference.
    private static string Shape(RoutePattern route) => ParameterName().Replace(route.RawText!, "{").ToUpperInvariant();

    private static RoutePattern ParseRoute(string route)
    {
        try
        {
            return RoutePatternFactory.Parse(route);
        }
        catch (RoutePatternException exception)
        {
            throw new FunctionsHostException($"Its route '{route}' is wrong: {exception.Message}", exception);
        }
    }

    private static ParameterBinder BindRouteValue(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        var converter = TypeDescriptor.GetConverter(type);
        if (!converter.CanConvertFrom(typeof(string)))
            throw new FunctionsHostException($"A value of the route cannot become its parameter '{parameter.Name}' of type {type.Name}.");

        var missing = parameter.HasDefaultValue ? parameter.DefaultValue
            : parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType)
            : null;
        return context => new(context.BindingContext.BindingData.GetValueOrDefault(parameter.Name!) is { } value
            ? converter.ConvertFrom(null, CultureInfo.InvariantCulture, value)
            : missing);
    }

    [GeneratedRegex(@"\{\**\w+")]
    private static partial Regex ParameterName();
}

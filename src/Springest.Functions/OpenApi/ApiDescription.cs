using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.OpenApi;
using Springest.Functions.Access;
using Springest.Functions.Http;

namespace Springest.Functions.OpenApi;

/// <summary>Describes every address of the app from its functions: routes, parameters, keys, and what is answered.</summary>
public sealed partial class ApiDescription
{
    private const string Key = "accessKey";
    private const string FunctionKey = "functionKey";
    private const string Problem = "application/problem+json";

    private readonly Lazy<Task<string>> _json = new(() => Create().SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1));

    /// <summary>As OpenAPI 3.1; made when somebody asks first.</summary>
    public Task<string> Json => _json.Value;

    private static OpenApiDocument Create()
    {
        var assembly = typeof(ApiDescription).Assembly;
        var comments = CodeComments.Of(assembly);
        var document = new OpenApiDocument
        {
            Info = new OpenApiInfo
            {
                Title = "Springest.Functions",
                Version = assembly.GetName().Version?.ToString(3),
                Description = "What docs/http.md says, for programs.",
            },
            Servers = [new OpenApiServer { Url = "/api" }],
            Paths = [],
        };
        document.AddComponent(Key, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = AccessKey.Header,
            Description = "An access key. What it opens goes by its role: reader, viewer or operator.",
        });
        document.AddComponent(FunctionKey, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Query,
            Name = "code",
            Description = "The function key of the webhooks' addresses.",
        });
        var schemas = new Schemas(document, comments);
        foreach (var (method, trigger) in Functions(assembly).OrderBy(function => function.Trigger.Route, StringComparer.Ordinal))
            Add(document, schemas, comments, method, trigger);
        return document;
    }

    private static IEnumerable<(MethodInfo Method, HttpTriggerAttribute Trigger)> Functions(Assembly assembly)
        => from type in assembly.GetTypes()
           from method in type.GetMethods()
           where method.IsDefined(typeof(FunctionAttribute))
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger is not null
           select (method, trigger);

    private static void Add(
        OpenApiDocument document, Schemas schemas, CodeComments comments, MethodInfo method, HttpTriggerAttribute trigger)
    {
        // Types of parameters, {id:long}, are no part of a path here.
        var path = $"/{RouteConstraint().Replace(trigger.Route!, "")}";
        if (!document.Paths.TryGetValue(path, out var item))
            document.Paths.Add(path, item = new OpenApiPathItem());
        // Those that take any method are posted to.
        foreach (var verb in trigger.Methods ?? ["post"])
            ((OpenApiPathItem)item).AddOperation(HttpMethod.Parse(verb), Describe(document, schemas, comments, method, trigger, verb));
    }

    private static OpenApiOperation Describe(
        OpenApiDocument document, Schemas schemas, CodeComments comments, MethodInfo method, HttpTriggerAttribute trigger, string verb)
    {
        var name = method.GetCustomAttribute<FunctionAttribute>()!.Name;
        var operation = new OpenApiOperation
        {
            OperationId = verb == "head" ? $"{name}Head" : name,
            Summary = comments.Of(method),
            Parameters =
            [
                .. RouteParameter().Matches(trigger.Route!).Select(match => new OpenApiParameter
                {
                    Name = match.Groups["name"].Value, In = ParameterLocation.Path, Required = true,
                    Schema = Schema(match.Groups["type"].Value == "long" ? JsonSchemaType.Integer : JsonSchemaType.String),
                }),
                .. method.GetCustomAttributes<QueryParameterAttribute>().Select(parameter => new OpenApiParameter
                {
                    Name = parameter.Name, In = ParameterLocation.Query, Description = parameter.Description,
                    Schema = Schema(JsonSchemaType.String),
                }),
            ],
            Responses = [],
        };
        foreach (var answer in method.GetCustomAttributes<ProducesResponseTypeAttribute>())
            operation.Responses[answer.StatusCode.ToString(CultureInfo.InvariantCulture)] =
                Answer(answer, verb == "head" ? null : schemas);
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "What was wrong, and what would be right.",
            Content = verb == "head" ? null : Content(Problem, schemas.For(typeof(ProblemDetails))),
        };
        var role = method.GetCustomAttribute<RequiresRoleAttribute>()?.Role;
        if (role is null && trigger.AuthLevel == AuthorizationLevel.Anonymous)
            return operation;
        // The host, which asks for function keys, says nothing of what was wrong.
        operation.Responses["401"] = new OpenApiResponse
        {
            Description = "No key, or a wrong one.",
            Content = role is null || verb == "head" ? null : Content(Problem, schemas.For(typeof(ProblemDetails))),
        };
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(role is null ? FunctionKey : Key, document)] = [] },
        ];
        return operation;
    }

    private static OpenApiResponse Answer(ProducesResponseTypeAttribute answer, Schemas? schemas)
    {
        var contentTypes = new Microsoft.AspNetCore.Mvc.Formatters.MediaTypeCollection();
        ((Microsoft.AspNetCore.Mvc.ApiExplorer.IApiResponseMetadataProvider)answer).SetContentTypes(contentTypes);
        return new()
        {
            Description = answer.Description ?? Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(answer.StatusCode),
            Content = schemas is null || answer.Type == typeof(void) ? null
                : Contents(
                    contentTypes.DefaultIfEmpty("application/json"),
                    answer.Type == typeof(string) ? Schema(JsonSchemaType.String) : schemas.For(answer.Type)),
        };
    }

    private static Dictionary<string, IOpenApiMediaType> Content(string type, IOpenApiSchema schema) => Contents([type], schema);

    private static Dictionary<string, IOpenApiMediaType> Contents(IEnumerable<string> types, IOpenApiSchema schema)
        => types.ToDictionary(type => type, IOpenApiMediaType (_) => new OpenApiMediaType { Schema = schema });

    private static OpenApiSchema Schema(JsonSchemaType type) => new() { Type = type };

    [GeneratedRegex(@"(?<=\{\w+):\w+(?=\})")]
    private static partial Regex RouteConstraint();

    [GeneratedRegex(@"\{(?<name>\w+)(:(?<type>\w+))?\}")]
    private static partial Regex RouteParameter();
}

using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Access;
using Springest.Functions.Tests.Infrastructure;

namespace Springest.Functions.Tests.Access;

/// <summary>Every HTTP function lets in whom it declares, by whatever address, and nobody else.</summary>
public sealed class DoorTests(AzuriteFixture azurite)
{
    private static readonly string[] Webhooks = ["ReceiveTrainingsWebhook", "ReceiveConversionsWebhook"];

    private static readonly (string? Key, AccessRole? Role)[] Keys =
    [
        (TestApp.ReaderKey, AccessRole.Reader), (TestApp.ViewerKey, AccessRole.Viewer), (TestApp.OperatorKey, AccessRole.Operator),
        (null, null), ("", null), ("wrong", null), (TestApp.FunctionKey, null), (TestApp.ViewerKey + "x", null),
        (TestApp.OperatorKey[..^1], null), (TestApp.OperatorKey.ToUpperInvariant(), null), (new string('k', 4000), null),
        (Convert.ToHexStringLower(AccessKey.HashOf(TestApp.OperatorKey)), null), ("olga", null), ($"{TestApp.ViewerKey}, x", null),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static IReadOnlyList<(MethodInfo Method, HttpTriggerAttribute Trigger)> Functions { get; } =
    [
        .. from type in typeof(SpringestFunctions).Assembly.GetTypes()
           from method in type.GetMethods()
           where method.IsDefined(typeof(FunctionAttribute))
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger is not null
           select (method, trigger),
    ];

    [Fact]
    public void Every_function_declares_whom_it_lets_in()
    {
        Assert.True(Functions.Count > 25);
        Assert.All(Functions, function =>
        {
            var name = NameOf(function.Method);
            var isPublic = function.Method.GetCustomAttribute<PublicAttribute>();
            Assert.True(
                (isPublic is null) != (function.Method.GetCustomAttribute<RequiresRoleAttribute>() is null), $"{name} must declare one.");
            Assert.True(isPublic is null or { Because.Length: > 20 }, $"{name} must say why it is public.");
            // The host keeps keys for the webhooks only.
            Assert.Equal(
                Webhooks.Contains(name) ? AuthorizationLevel.Function : AuthorizationLevel.Anonymous, function.Trigger.AuthLevel);
            // What commands or decides is for operators.
            if (function.Trigger.Route!.StartsWith("manage/", StringComparison.Ordinal))
                Assert.Equal(AccessRole.Operator, function.Method.GetCustomAttribute<RequiresRoleAttribute>()!.Role);
        });
    }

    [Fact]
    public async Task Every_address_opens_to_its_roles_and_to_nothing_else()
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);
        using var http = new HttpClient { BaseAddress = new Uri(app.Address, "api/") };
        var wrong = new List<string>();
        foreach (var (method, trigger) in Functions)
        {
            var role = method.GetCustomAttribute<RequiresRoleAttribute>()?.Role;
            foreach (var verb in trigger.Methods ?? ["post"])
            {
                foreach (var (key, its) in Keys)
                {
                    foreach (var place in (string[])["header", "query", "fragment", "function key", "bearer"])
                    {
                        using var answer = await http.SendAsync(Request(verb, trigger.Route!, key, place), Cancellation);
                        HttpStatusCode? refusal =
                            Webhooks.Contains(NameOf(method))
                                ? key == TestApp.FunctionKey && place is "function key" ? null : HttpStatusCode.Unauthorized
                            : role is null || (place is "header" && its >= role) ? null
                            : place is "header" && its is not null ? HttpStatusCode.Forbidden
                            : HttpStatusCode.Unauthorized;
                        var isRefused = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
                        if (refusal is { } status ? answer.StatusCode != status : isRefused)
                            wrong.Add($"{verb} {trigger.Route}: {place} '{key}' is answered {answer.StatusCode}");
                        if (!Webhooks.Contains(NameOf(method))
                            && answer.Headers.GetValues("X-Content-Type-Options").SingleOrDefault() != "nosniff")
                            wrong.Add($"{verb} {trigger.Route} may be sniffed");
                        if (isRefused && !Webhooks.Contains(NameOf(method)) && answer.Headers.CacheControl?.NoStore is not true)
                            wrong.Add($"{verb} {trigger.Route} may be stored");
                    }
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task A_function_that_declares_nothing_is_closed_to_everybody()
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite, more: [typeof(Forgotten)]);
        using var http = new HttpClient { BaseAddress = new Uri(app.Address, "api/") };

        foreach (var (key, role) in Keys)
        {
            using var answer = await http.SendAsync(Request("get", "forgotten", key, "header"), Cancellation);
            Assert.Equal(role is null ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Two_keys_at_once_open_nothing()
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Address, "api/status"));
        request.Headers.Add(AccessKey.Header, [TestApp.ViewerKey, TestApp.OperatorKey]);

        using var answer = await http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Nobody_who_is_refused_is_named_and_no_key_is_logged()
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);
        using var http = new HttpClient { BaseAddress = new Uri(app.Address, "api/") };

        for (var i = 0; i < 50; i++)
            (await http.SendAsync(Request("get", "status", $"canary-guess-{i}", "header"), Cancellation)).Dispose();

        // A stranger must not fill the log.
        Assert.Single(app.Logs.Lines, line => line.Contains("Access refused: GetStatus, unknown", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains("canary-guess", StringComparison.Ordinal));
    }

    private static HttpRequestMessage Request(string verb, string route, string? key, string place)
    {
        var path = System.Text.RegularExpressions.Regex.Replace(route, @"\{(\w+)(:\w+)?\}", match => match.Groups[1].Value switch
        {
            "site" => "mars",
            "resource" => "trainings",
            _ => "1",
        });
        var query = place is "query" ? $"?x-access-key={Uri.EscapeDataString(key ?? "")}&key={Uri.EscapeDataString(key ?? "")}" : "";
        var fragment = place is "fragment" ? $"#key={Uri.EscapeDataString(key ?? "")}" : "";
        var request = new HttpRequestMessage(new HttpMethod(verb), new Uri(path + query + fragment, UriKind.Relative));
        var header = place switch
        {
            "header" => AccessKey.Header,
            "function key" => "x-functions-key",
            "bearer" => "Authorization",
            _ => null,
        };
        if (header is not null && key is not null)
            request.Headers.TryAddWithoutValidation(header, place is "bearer" ? $"Bearer {key}" : key);
        return request;
    }

    private static string NameOf(MethodInfo method) => method.GetCustomAttribute<FunctionAttribute>()!.Name;

    /// <summary>What somebody might add without thinking of access.</summary>
    public sealed class Forgotten
    {
        [Function("Forgotten")]
        public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "forgotten")] HttpRequest request)
            => TypedResults.Text($"open to {request.Method}");
    }
}

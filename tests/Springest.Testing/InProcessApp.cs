using System.Collections.Concurrent;
using System.Net;
using System.Reflection;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Springest.Functions;
using Springest.Functions.Access;
using Springest.Testing.Memory;

namespace Springest.Testing;

/// <summary>
/// The app's services and functions in this process, with whatever clock: HTTP functions on a free port, the others when a test calls
/// them. It calls functions and imitates no host: no schedules, leases, retries or limits. Those are for tests of the worker's process.
/// </summary>
public sealed class InProcessApp : IAsyncDisposable
{
    private static readonly Dictionary<string, MethodInfo> Functions = FunctionsOf(typeof(SpringestFunctions).Assembly.GetTypes())
        .ToDictionary(NameOf);

    // Compiled once: a compiler for each app of each test would cost more than the tests.
    private static readonly ConcurrentDictionary<MethodInfo, RequestDelegate> Calls = new();

    private readonly WebApplication _app;

    private InProcessApp(WebApplication app) => _app = app;

    /// <summary>Where HTTP functions are, below <c>api/</c>.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>The app's services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts the app's services, and listens.</summary>
    /// <param name="configuration">The app's settings.</param>
    /// <param name="functionKey">Opens the functions of level Function.</param>
    /// <param name="services">Services that come before the app's own, such as a clock.</param>
    /// <param name="logging">Where the log goes; nowhere by default.</param>
    /// <param name="memory">A storage in memory for tables and blobs, instead of that of the settings.</param>
    /// <param name="more">Types with functions that the app does not have.</param>
    public static Task<InProcessApp> StartAsync(
        IConfiguration configuration, string functionKey, Action<IServiceCollection>? services = null,
        Action<ILoggingBuilder>? logging = null, MemoryStorage? memory = null, params Type[] more)
        // On the thread pool: what the app starts outlives the call, and must not live on the caller's synchronization context.
        => Task.Run(async () =>
        {
            var app = Build(configuration, services, logging, memory);
            try
            {
                foreach (var method in Functions.Values.Concat(FunctionsOf(more)))
                {
                    foreach (var trigger in method.GetParameters().SelectMany(each => each.GetCustomAttributes<HttpTriggerAttribute>()))
                        Map(app, method, trigger, functionKey);
                }

                await app.StartAsync();
                return new InProcessApp(app);
            }
            catch
            {
                await app.DisposeAsync();
                throw;
            }
        });

    /// <summary>Runs a timer function once and waits for its end; throws what it threw.</summary>
    public Task FireAsync(string function, CancellationToken cancellationToken = default)
        => CallAsync(function, new TimerInfo(), cancellationToken);

    /// <summary>Runs a function once and waits for its end; throws what it threw.</summary>
    /// <param name="function">The name in <c>[Function]</c>.</param>
    /// <param name="trigger">What it is triggered by, such as a <c>BlobClient</c>.</param>
    /// <param name="cancellationToken">The function's own.</param>
    public async Task CallAsync(string function, object trigger, CancellationToken cancellationToken = default)
    {
        var method = Functions[function];
        await using var scope = Services.CreateAsyncScope();
        var arguments = method.GetParameters()
            .Select(each => each.ParameterType == typeof(CancellationToken) ? cancellationToken : trigger);
        var target = Target(method, scope.ServiceProvider);
        await (Task)method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, [.. arguments], null)!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(
        IConfiguration configuration, Action<IServiceCollection>? services, Action<ILoggingBuilder>? logging, MemoryStorage? memory)
    {
        // Empty: no settings and no log but those asked for.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        logging?.Invoke(builder.Logging);
        builder.Services.AddRouting().AddSingleton<IHostLifetime, NoLifetime>();
        services?.Invoke(builder.Services);
        builder.Services.AddSpringestFunctions(configuration);
        if (memory is not null)
        {
            var transport = new HttpClientTransport(memory);
            builder.Services
                .AddSingleton(new TableServiceClient(MemoryStorage.ConnectionString, new TableClientOptions { Transport = transport }))
                .AddSingleton(new BlobServiceClient(MemoryStorage.ConnectionString, new BlobClientOptions { Transport = transport }));
        }

        return builder.Build();
    }

    private static void Map(WebApplication app, MethodInfo method, HttpTriggerAttribute trigger, string functionKey)
    {
        // A method that the trigger does not name is answered 404, as on the platform.
        var methods = trigger.Methods is { Length: > 0 } some ? new { httpMethod = new HttpMethodRouteConstraint(some) } : null;
        var pattern = RoutePatternFactory.Parse($"api/{trigger.Route}", null, methods);
        var call = Calls.GetOrAdd(method, Bind, pattern);
        app.Map(pattern, async context =>
        {
            var key = (string?)context.Request.Headers["x-functions-key"] ?? context.Request.Query["code"];
            if (trigger.AuthLevel != AuthorizationLevel.Anonymous && key != functionKey)
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            else if (await context.RequestServices.GetRequiredService<AccessCheck>().RunAsync(context, NameOf(method)) is { } refusal)
                await refusal.ExecuteAsync(context);
            else
                await call(context);
        });
    }

    // ASP.NET Core's own binding: the request, values of the route, the token, and an IResult as the answer.
    private static RequestDelegate Bind(MethodInfo method, RoutePattern pattern)
        => RequestDelegateFactory.Create(
            method,
            context => Target(method, context.RequestServices),
            new() { RouteParameterNames = pattern.Parameters.Select(parameter => parameter.Name) }).RequestDelegate;

    private static IEnumerable<MethodInfo> FunctionsOf(IEnumerable<Type> types)
        => types.SelectMany(type => type.GetMethods()).Where(method => method.IsDefined(typeof(FunctionAttribute)));

    private static string NameOf(MethodInfo method) => method.GetCustomAttribute<FunctionAttribute>()!.Name;

    private static object Target(MethodInfo method, IServiceProvider services)
        => ActivatorUtilities.CreateInstance(services, method.DeclaringType!);

    // Ctrl-C is for the process, not for an app in it.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

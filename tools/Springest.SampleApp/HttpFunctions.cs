using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Springest.SampleApp;

public sealed class HttpFunctions(ILogger<HttpFunctions> logger)
{
    /// <summary>What arrived.</summary>
    [Function("Echo")]
    public static async Task<IResult> EchoAsync(
        [HttpTrigger(Route = "echo/{name?}")] HttpRequest request,
        string? name,
        FunctionContext context)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (buffer, length) = (new byte[64 * 1024], 0L);
        for (int read; (read = await request.Body.ReadAsync(buffer, context.CancellationToken)) > 0; length += read)
            hash.AppendData(buffer, 0, read);
        return Results.Json(new
        {
            request.Method,
            Url = request.GetEncodedPathAndQuery(),
            Name = name,
            Headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToArray()),
            Length = length,
            Hash = Convert.ToHexString(hash.GetHashAndReset()),
            Invocation = context.InvocationId,
            Trace = context.TraceContext.TraceParent,
        });
    }

    [Function("Open")]
    public static IResult Open([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head")] HttpRequest request)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Results.Text("open", statusCode: 203);
    }

    [Function("Admin")]
    public static IResult Admin([HttpTrigger(AuthorizationLevel.Admin)] HttpRequest request) => Results.Ok();

    [Function("Post")]
    public static IResult Post([HttpTrigger(AuthorizationLevel.Function, "post")] HttpRequest request) => Results.NoContent();

    [Function("Throws")]
    public static IResult Throws([HttpTrigger] HttpRequest request) => throw new InvalidOperationException("An ordinary fault.");

    [Function("ThrowsLate")]
    public static async Task<IResult> ThrowsLateAsync([HttpTrigger] HttpRequest request)
    {
        await request.HttpContext.Response.WriteAsync(new string('x', 100_000));
        throw new InvalidOperationException("A late fault.");
    }

    /// <summary>Runs until it is cancelled, at most a while.</summary>
    [Function("Wait")]
    public async Task<IResult> WaitAsync(
        [HttpTrigger(Route = "wait/{milliseconds}")] HttpRequest request,
        int milliseconds,
        CancellationToken cancellationToken)
    {
        logger.LogWaiting(request.HttpContext.TraceIdentifier);
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, cancellationToken);
            return Results.Text("waited");
        }
        catch (OperationCanceledException)
        {
            logger.LogCancelled("Wait");
            throw;
        }
    }

    /// <summary>Settings as the worker has them.</summary>
    [Function("Settings")]
    public static IResult Settings([HttpTrigger] HttpRequest request)
        => Results.Json(
            Environment.GetEnvironmentVariables().Keys.Cast<string>().ToDictionary(name => name, Environment.GetEnvironmentVariable));

    [Function("Quiet")]
    public static IResult Quiet([HttpTrigger] HttpRequest request) => Results.Text($"{Environment.ProcessId}");

    [Function("Logs")]
    public IResult Logs([HttpTrigger] HttpRequest request)
    {
        logger.LogJournal("canary-log-line");
        return Results.Text(Encoding.UTF8.GetString([.. request.Headers.UserAgent.ToString().Select(letter => (byte)letter)]));
    }

    [Function("Dies")]
    public static IResult Dies([HttpTrigger] HttpRequest request)
    {
        Process.GetCurrentProcess().Kill();
        return Results.Ok();
    }
}

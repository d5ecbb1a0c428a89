using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Springest.LocalHost;

/// <summary>What a <see cref="FunctionsHost"/> runs, and with what.</summary>
public sealed class FunctionsHostOptions
{
    /// <summary>The assembly whose public methods marked <c>[Function]</c> are run.</summary>
    public required Assembly Assembly { get; init; }

    /// <summary>The app's settings. <c>%names%</c> in triggers and the names of connections are looked up here.</summary>
    public required IConfiguration Configuration { get; init; }

    /// <summary>Runs only the functions of these classes of the assembly; null runs all.</summary>
    public IReadOnlyCollection<Type>? Classes { get; init; }

    /// <summary>Adds the app's own services. A <see cref="TimeProvider"/> among them drives the timers.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }

    /// <summary>Adds log providers and levels. Without it nothing is logged.</summary>
    public Action<ILoggingBuilder>? ConfigureLogging { get; init; }

    /// <summary>The port to listen on at 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The key that opens functions of level <c>Function</c>. Without it only the master key does.</summary>
    public string? FunctionKey { get; init; }

    /// <summary>The key that opens every function and <c>POST /admin/functions/{name}</c>. Without it nothing opens what only it opens.</summary>
    public string? MasterKey { get; init; }

    /// <summary>Whether timers fire by their schedules. <see cref="FunctionsHost.InvokeTimerAsync"/> works either way.</summary>
    public bool RunTimers { get; init; } = true;

    /// <summary>Whether blob triggers fire.</summary>
    public bool RunBlobTriggers { get; init; } = true;

    /// <summary>The app's host.json. Null takes the one beside the program, and the platform's defaults if there is none.</summary>
    public string? HostJsonPath { get; init; }

    /// <summary>How long running functions may go on after <see cref="FunctionsHost.StopAsync"/> before their token is cancelled.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);
}

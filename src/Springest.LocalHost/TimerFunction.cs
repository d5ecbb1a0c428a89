using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace Springest.LocalHost;

/// <summary>A function that runs by a schedule.</summary>
internal sealed class TimerFunction
{
    public TimerFunction(string name, MethodInfo method, ParameterInfo trigger, TimerTriggerAttribute attribute, IConfiguration settings)
    {
        if (trigger.ParameterType != typeof(TimerInfo))
            throw new FunctionsHostException($"Its timer trigger must be a parameter of type TimerInfo, not {trigger.ParameterType.Name}.");

        Function = new Function(name, method, "timerTrigger", parameter => parameter.Position == trigger.Position ? context => new(context.Trigger) : null);
        Schedule = TimerSchedule.Parse(settings.Resolve(attribute.Schedule));
        RunOnStartup = attribute.RunOnStartup;
        UseMonitor = attribute.UseMonitor;
        Retry = RetryPolicy.Of(method);
    }

    public Function Function { get; }

    public TimerSchedule Schedule { get; }

    public bool RunOnStartup { get; }

    public bool UseMonitor { get; }

    public RetryPolicy? Retry { get; }
}

using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Status.Report;
using Springest.Functions.Storage;

namespace Springest.Functions.Status;

public static class StatusServiceCollectionExtensions
{
    public static IServiceCollection AddStatus(this IServiceCollection services)
        => services
            .AddTables(TodoBoard.Table)
            .AddSingleton<StatusReader>()
            .AddSingleton<StatusMetrics>()
            .AddSingleton<TodoMetrics>()
            .AddSingleton<FunctionFailures>()
            .AddSingleton<AppFaults>()
            .AddSingleton<TodoBoard>()
            .AddSingleton<HealthCheck>();
}

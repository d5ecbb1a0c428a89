using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Status.Report;

namespace Springest.Functions.Status;

public static class StatusServiceCollectionExtensions
{
    public static IServiceCollection AddStatus(this IServiceCollection services)
        => services.AddSingleton<StatusReader>().AddSingleton<StatusMetrics>().AddSingleton<DashboardPage>().AddSingleton<HealthCheck>();
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Springest.Functions.Hosting;

public static class HostingServiceCollectionExtensions
{
    public static IServiceCollection AddStoppableWork(this IServiceCollection services)
        // The platform gives five seconds.
        => services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(4.5))
            .AddSingleton<StoppableWork>().AddHostedService(provider => provider.GetRequiredService<StoppableWork>());
}

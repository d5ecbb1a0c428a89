using Microsoft.Extensions.DependencyInjection;

namespace Springest.Functions.Hosting;

public static class HostingServiceCollectionExtensions
{
    public static IServiceCollection AddStoppableWork(this IServiceCollection services)
        => services.AddSingleton<StoppableWork>().AddHostedService(provider => provider.GetRequiredService<StoppableWork>());
}

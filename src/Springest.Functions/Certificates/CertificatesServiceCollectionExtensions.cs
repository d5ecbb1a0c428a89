using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Springest.Functions.Certificates;

public static class CertificatesServiceCollectionExtensions
{
    public static IServiceCollection AddCertificates(this IServiceCollection services, IConfiguration configuration)
    {
        _ = configuration;
        return services;
    }
}

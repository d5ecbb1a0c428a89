using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Springest.Client;
using Springest.Functions.Catalogue;
using Springest.Functions.Certificates;
using Springest.Functions.Quota;
using Springest.Functions.Sites;
using Springest.Functions.Status;
using Springest.Functions.Storage;
using Springest.Functions.Webhooks;

namespace Springest.Functions;

/// <summary>The whole app, for whichever host runs it.</summary>
public static class SpringestFunctions
{
    /// <summary>Adds every feature of the app.</summary>
    public static IServiceCollection AddSpringestFunctions(this IServiceCollection services, IConfiguration configuration)
    {
        KeyVaultReferences.RequireResolved(configuration);
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddAppStorage(configuration)
            .AddSpringestClients(configuration.GetSection("Springest:Sites"))
            .AddSingleton<SpringestClients>()
            .AddQuota(configuration)
            .AddCatalogue(configuration)
            .AddCertificates(configuration)
            .AddWebhooks(configuration)
            .AddStatus();
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Springest.Functions.Access;
using Springest.Functions.Catalogue;
using Springest.Functions.Certificates;
using Springest.Functions.WebConsole;
using Springest.Functions.Hosting;
using Springest.Functions.Http;
using Springest.Functions.OpenApi;
using Springest.Functions.Privacy;
using Springest.Functions.Quota;
using Springest.Functions.Settings;
using Springest.Functions.Sites;
using Springest.Functions.Status;
using Springest.Functions.Storage;
using Springest.Functions.Telemetry;
using Springest.Functions.Webhooks;

namespace Springest.Functions;

/// <summary>The whole app, for whichever host runs it.</summary>
public static class SpringestFunctions
{
    /// <summary>Adds every feature of the app.</summary>
    /// <exception cref="SettingsException">A setting is missing, or not what it should be; the message names it.</exception>
    public static IServiceCollection AddSpringestFunctions(this IServiceCollection services, IConfiguration configuration)
    {
        KeyVaultReferences.RequireResolved(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services
            .AddSites(configuration)
            .AddTelemetryOptions(configuration)
            .AddWebServer()
            .AddStoppableWork()
            .AddAppStorage(configuration)
            .AddAccess(configuration)
            .AddQuota(configuration)
            .AddCatalogue(configuration)
            .AddCertificates(configuration)
            .AddWebhooks(configuration)
            .AddPrivacy(configuration)
            .AddStatus()
            .AddSingleton<ConsoleFiles>()
            .AddSingleton<ApiDescription>();
        SettingNames.RequireKnown(services, configuration);
        return services;
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Springest.Functions.Settings;

public static class SettingsServiceCollectionExtensions
{
    /// <summary>Registers a section below <c>Springest</c>: bound to its class, checked on start, and its names known.</summary>
    /// <param name="section">Its path, as <c>Mirror:Trainings</c>.</param>
    /// <param name="name">Name of the options, where there are several of the class.</param>
    public static OptionsBuilder<TOptions> AddSettings<TOptions>(
        this IServiceCollection services, IConfiguration configuration, string section, string? name = null)
        where TOptions : class
        => services.AddSingleton(new SettingsSection(section, typeof(TOptions)))
            .AddSingleton<IValidateOptions<TOptions>>(
                new AnnotatedOptionsValidator<TOptions>($"Springest__{section.Replace(":", "__", StringComparison.Ordinal)}", name))
            .AddOptions<TOptions>(name).Bind(configuration.GetSection($"Springest:{section}")).ValidateOnStart();
}

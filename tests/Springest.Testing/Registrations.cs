using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions;
using Springest.Functions.Settings;
using Springest.Functions.Storage;

namespace Springest.Testing;

/// <summary>What the features of the app register.</summary>
public static class Registrations
{
    private static readonly IServiceCollection Services = new ServiceCollection().AddSpringestFunctions(
        new ConfigurationBuilder().AddInMemoryCollection([new("Springest:Sites:nl:ApiKey", "key")]).Build());

    /// <summary>Names of the tables.</summary>
    public static IReadOnlyList<string> Tables { get; } = [.. All<RequiredTable>().Select(table => table.Name)];

    /// <summary>Names of the containers, those of the certificates left out, whose names are settings.</summary>
    public static IReadOnlyList<string> Containers { get; } = [.. All<RequiredContainer>().Select(container => container.Name)];

    /// <summary>The sections of the settings.</summary>
    public static IReadOnlyList<SettingsSection> Sections { get; } = [.. All<SettingsSection>()];

    private static IEnumerable<T> All<T>() => Services.Select(service => service.ImplementationInstance).OfType<T>();
}

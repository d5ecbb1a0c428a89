using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Springest.Client;
using Springest.Functions;
using Springest.Functions.Quota;
using Springest.Functions.Sites;
using Springest.Functions.Storage;
using Springest.LocalHost;
using Springest.Testing;

namespace Springest.Tools.Run;

/// <summary>The app on this machine against real Springest hosts, with a person's own settings.</summary>
internal sealed class LocalRun(LocalRunOptions options)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var settings = new ConfigurationBuilder().AddConfiguration(AppSettings.Read(options.Settings)).AddEnvironmentVariables().Build();
        try
        {
            if (SettingsFault.Find(settings) is { } fault)
                throw new UserErrorException(fault.Sentences);
            return await RunAsync(settings, cancellationToken);
        }
        catch (HostException problem)
        {
            throw new UserErrorException(problem.Message);
        }
        catch (Exception problem) when (AzureFailure.Explain(problem) is { } reason)
        {
            throw new UserErrorException($"Storage cannot be used. {reason}");
        }
    }

    private async Task<int> RunAsync(IConfiguration settings, CancellationToken cancellationToken)
    {
        await using var azurite = await DevelopmentStorage.StartAsync(settings, cancellationToken);
        await CheckKeysAsync(settings, cancellationToken);
        var keys = RunKeys.Make(settings);
        string[] arguments = [AppProcess.Program, "--app", AppProcess.Worker, "--settings", options.Settings, "--port", $"{options.Port}"];
        using var app = Process.Start(new ProcessStartInfo("dotnet", arguments) { Environment = { [RunKeys.Setting] = keys } })!;
        await using var ending = cancellationToken.Register(() => app.Terminate());
        await app.WaitForExitAsync(CancellationToken.None);
        return app.ExitCode;
    }

    /// <summary>Asks every site for one record, so that a wrong key is told here and not by a timer later.</summary>
    private static async Task CheckKeysAsync(IConfiguration settings, CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(settings)
            .AddSpringestFunctions(settings)
            .BuildServiceProvider();
        await services.GetRequiredService<AppStorage>().Table(QuotaStorage.Counters).CreateIfNotExistsAsync(cancellationToken);
        var clients = services.GetRequiredService<SpringestClients>();
        foreach (var site in clients.Sites)
            await CheckKeyAsync(clients.For(site, QuotaClass.Submission), cancellationToken);
    }

    private static async Task CheckKeyAsync(SpringestClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.ListTrainings(options: new ListOptions { PageSize = 1 }).AsPages().FirstAsync(cancellationToken);
        }
        catch (SpringestException refused) when (refused.Status == HttpStatusCode.Unauthorized)
        {
            throw new UserErrorException(
                $"The API refused the key of site {client.Site} (401). Check the setting Springest__Sites__{client.Site}__ApiKey; each "
                    + "host has keys of its own.");
        }
        catch (SpringestException failed)
        {
            throw new UserErrorException($"Site {client.Site} cannot be asked: {failed.Message}");
        }
    }
}

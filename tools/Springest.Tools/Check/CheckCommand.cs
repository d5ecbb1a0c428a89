using System.Threading.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Springest.Client;
using Springest.Functions;
using Springest.Functions.Quota;
using Springest.Functions.Quota.Limiter;
using Springest.Functions.Storage;
using Springest.Tools.Run;

namespace Springest.Tools.Check;

/// <summary>Asks a real site which inferences of docs/springest-api.md hold, with few requests that only read.</summary>
internal static class CheckCommand
{
    public const string Usage = """
        dotnet dev.cs check --site nl [--settings FILE]

          --site      the site to ask, as in Springest__Sites__nl__ApiKey
          --settings  a file with the site's settings (local.settings.json)
        """;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, CancellationToken cancellationToken)
    {
        var (site, file) = Read(arguments);
        var settings = AppSettings.Read(file);
        if (!settings.GetSection("Springest:Sites").GetSection(site).Exists())
            throw new UserErrorException(
                $"{file} has no site '{site}'. It has: "
                    + $"{string.Join(", ", settings.GetSection("Springest:Sites").GetChildren().Select(one => one.Key))}.");
        await using var azurite = await DevelopmentStorage.StartAsync(settings, cancellationToken);
        await using var services = new ServiceCollection().AddLogging().AddSingleton(settings).AddSpringestFunctions(settings)
            .BuildServiceProvider();
        try
        {
            var options = services.GetRequiredService<IOptionsMonitor<SpringestSiteOptions>>().Get(site);
            using var api = new ApiReader(options, await LimiterAsync(services, settings, site, cancellationToken));
            return await RunAsync(api, options, output, cancellationToken);
        }
        catch (OptionsValidationException e)
        {
            throw new UserErrorException(string.Join('\n', e.Failures));
        }
    }

    private static async Task<int> RunAsync(
        ApiReader api, SpringestSiteOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        var checks = new ApiChecks(api, cancellationToken);
        await checks.RunAsync();
        Report(output, options, checks.Findings, api.Answers);
        return checks.Findings.TrueForAll(finding => finding.Holds) ? 0 : 2;
    }

    private static (string Site, string File) Read(IReadOnlyList<string> arguments)
    {
        var (site, file) = ("", AppSettings.FileName);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count)
                throw new UserErrorException(Usage);
            (site, file) = arguments[i] switch
            {
                "--site" => (arguments[i + 1].ToLowerInvariant(), file),
                "--settings" => (site, arguments[i + 1]),
                _ => throw new UserErrorException(Usage),
            };
        }

        return site.Length > 0 ? (site, file) : throw new UserErrorException(Usage);
    }

    // Settings without storage are those of somebody who has no app yet, with which to share the key.
    private static async Task<Func<SpringestKey, RateLimiter>?> LimiterAsync(
        IServiceProvider services, IConfiguration settings, string site, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(settings["AzureWebJobsStorage"]))
            return null;
        try
        {
            await services.GetRequiredService<AppStorage>().Table(QuotaStorage.Counters).CreateIfNotExistsAsync(cancellationToken);
        }
        catch (Exception exception) when (AzureFailure.Explain(exception) is { } reason)
        {
            throw new UserErrorException($"The app's storage (AzureWebJobsStorage), with its quota, cannot be used. {reason}");
        }

        return key => services.GetRequiredService<QuotaLimiterRegistry>().For(site, key, QuotaClass.FullPass);
    }

    private static void Report(TextWriter output, SpringestSiteOptions options, List<Finding> findings, List<ApiAnswer> answers)
    {
        output.WriteLine(
            $"{options.Host!.Host}: {answers.Count} requests, {findings.Count(finding => finding.Holds)} of {findings.Count} inferences "
                + "of docs/springest-api.md hold.");
        foreach (var finding in findings)
        {
            output.WriteLine(
                $"{(finding.Holds ? "holds " : "DIFFERS")}  {finding.Topic} (section {finding.Section}): "
                    + $"{finding.Inferred}{(finding.Holds ? "" : $"; found: {finding.Found}")}");
            if (!finding.Holds)
                output.WriteLine($"         setting: {finding.Setting}");
        }

        output.WriteLine($"Not asked, since only a write would show it: {string.Join(", ", ApiChecks.NotAsked)}.");
        output.WriteLine();
        output.WriteLine("Report for the maintainers. It has names and types of fields, no values, no ids and no keys:");
        foreach (var answer in answers)
        {
            output.WriteLine(
                $"{answer.Request} -> {(int)answer.Status} {answer.ContentType}; headers {string.Join(", ", answer.Headers.Order())}");
            output.WriteLine($"  {ApiAnswer.Shape(answer.Json)}");
        }
    }
}

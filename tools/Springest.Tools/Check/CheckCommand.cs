using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Springest.Client;

namespace Springest.Tools.Check;

/// <summary>Asks a real site which inferences of docs/springest-api.md hold, with few requests that only read.</summary>
internal static class CheckCommand
{
    public const int MostRequests = 40;

    private const string Usage = """
        dotnet dev.cs check --site nl [--settings FILE]

          --site      the site to ask, as in Springest__Sites__nl__ApiKey
          --settings  a file with the site's settings (local.settings.json)
        """;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, CancellationToken cancellationToken)
    {
        var (site, file) = Read(arguments);
        var options = Options(site, file);
        using var api = new ApiReader(options, MostRequests);
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
                "--site" => (arguments[i + 1], file),
                "--settings" => (site, arguments[i + 1]),
                _ => throw new UserErrorException(Usage),
            };
        }

        return site.Length > 0 ? (site, file) : throw new UserErrorException(Usage);
    }

    private static SpringestSiteOptions Options(string site, string file)
    {
        var sites = AppSettings.Read(file).GetSection("Springest:Sites");
        if (!sites.GetSection(site).Exists())
            throw new UserErrorException(
                $"{file} has no site '{site}'. It has: {string.Join(", ", sites.GetChildren().Select(one => one.Key))}.");
        try
        {
            using var services = new ServiceCollection().AddLogging().AddSpringestClients(sites).BuildServiceProvider();
            return services.GetRequiredService<IOptionsMonitor<SpringestSiteOptions>>().Get(site);
        }
        catch (OptionsValidationException e)
        {
            throw new UserErrorException(string.Join('\n', e.Failures));
        }
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

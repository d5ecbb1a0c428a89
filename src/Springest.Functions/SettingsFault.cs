using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Springest.Functions.Settings;
using Springest.Functions.Storage;

namespace Springest.Functions;

/// <summary>Why the app cannot work with its settings.</summary>
/// <param name="Sentences">A line for each setting: what it is, and what it may be. For those who may see settings.</param>
public sealed partial record SettingsFault(string Sentences)
{
    /// <summary>The same for everybody: which settings, without their values.</summary>
    public string ForEverybody { get; } =
        Named(Sentences) is { Count: > 0 } names
            ? $"The app cannot work with its settings: look at {string.Join(" and ", names)}. Its log says what is wrong and what would "
                + "be right."
            : "The app cannot work with its settings. Its log says what is wrong and what would be right.";

    /// <summary>Checks every setting; null if the app can work with them.</summary>
    public static SettingsFault? Find(IConfiguration configuration)
    {
        try
        {
            using var services = new ServiceCollection()
                .AddLogging()
                .AddSingleton(configuration)
                .AddSpringestFunctions(configuration)
                .BuildServiceProvider();
            services.GetRequiredService<IStartupValidator>().Validate();
            services.GetRequiredService<AppStorage>();
            return null;
        }
        catch (Exception exception) when (Explain(exception) is { } sentences)
        {
            return new SettingsFault(sentences);
        }
    }

    /// <summary>Null if it is no setting that is wrong, but the app.</summary>
    private static string? Explain(Exception exception)
        => exception switch
        {
            SettingsException => exception.Message,
            OptionsValidationException wrong => string.Join('\n', wrong.Failures),
            InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } => Unconverted(
                exception.Message),
            AggregateException several when several.Flatten().InnerExceptions.Select(Explain).ToList() is var all && !all.Contains(null) =>
                string.Join('\n', all.Distinct()),
            _ => null,
        };

    // The framework's own sentence names the setting by its path, and the type by its name in .NET.
    private static string Unconverted(string sentence)
        => Conversion().Match(sentence) is not { Success: true } match
            ? sentence
            : $"{match.Groups["path"].Value.Replace(":", "__", StringComparison.Ordinal)} is '{match.Groups["value"]}'; it must be "
                + $"{match.Groups["type"].Value switch
            {
                "System.Int32" or "System.Int64" => "a whole number",
                "System.TimeSpan" => "a time such as 00:05:00 (hours, minutes and seconds)",
                "System.Boolean" => "true or false",
                var type => $"of the type {type}",
            }}.";

    // Each line begins with the setting that it is about.
    private static List<string> Named(string sentences)
        => [
            .. sentences
                .Split('\n')
                .Select(line => SettingName().Match(line))
                .Where(match => match.Success)
                .Select(match => match.Value.Replace(":", "__", StringComparison.Ordinal))
                .Distinct(),
        ];

    [GeneratedRegex(
        @"^Failed to convert configuration value '(?<value>.*)' at '(?<path>[^']+)' to type '(?<type>[^']+)'\.$",
        RegexOptions.Singleline
    )]
    private static partial Regex Conversion();

    [GeneratedRegex(@"(Springest(__|:)[\w:-]+|AzureWebJobsStorage(__\w+)?)")]
    private static partial Regex SettingName();
}

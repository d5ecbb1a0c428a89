using Azure;
using Microsoft.Extensions.Options;
using Springest.Functions.Settings;

namespace Springest.LocalHost;

/// <summary>Puts into sentences what a person can mend: settings, files, ports, storage. Anything else is a fault of ours.</summary>
public static class StartProblem
{
    /// <summary>Null if the exception is not one of these.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        FunctionsHostException or SettingsException => exception.Message,
        OptionsValidationException wrong => string.Join(Environment.NewLine, wrong.Failures),
        InvalidOperationException { InnerException: FormatException or ArgumentException } wrong => wrong.Message, // names the setting, its value and its type
        RequestFailedException { Status: 0 } => $"Storage cannot be reached. {FirstLine(exception)}",
        RequestFailedException refused => $"Storage refused with status {refused.Status}. {FirstLine(exception)}",
        AggregateException several => ExplainAll(several.Flatten().InnerExceptions),
        _ => null,
    };

    private static string? ExplainAll(IEnumerable<Exception> exceptions)
    {
        var sentences = exceptions.Select(Explain).Distinct().ToList();
        return sentences.Contains(null) ? null : string.Join(Environment.NewLine, sentences);
    }

    private static string FirstLine(Exception exception) => exception.Message.Split('\n', 2)[0].Trim();
}

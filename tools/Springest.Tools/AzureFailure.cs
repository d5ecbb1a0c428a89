using Azure;
using Azure.Identity;

namespace Springest.Tools;

/// <summary>What the clients of Azure throw if they are refused or, after several tries, reach nobody.</summary>
internal static class AzureFailure
{
    /// <summary>Why, in one line; null if it is about something else.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        RequestFailedException or AuthenticationFailedException => FirstLine(exception),
        // All tries failed, mostly alike.
        AggregateException { InnerException: (RequestFailedException or OperationCanceledException) and { } first } => FirstLine(first),
        _ => null,
    };

    private static string FirstLine(Exception exception) => exception.Message.Split('\n', 2)[0].Trim();
}

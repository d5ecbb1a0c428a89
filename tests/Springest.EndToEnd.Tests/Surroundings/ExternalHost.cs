namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>A host that runs already, as the environment variables <c>SPRINGEST_E2E_*</c> name it: docs/testing.md.</summary>
internal static class ExternalHost
{
    private const string Prefix = "SPRINGEST_E2E_";

    /// <summary>Why what needs processes of its own is not run.</summary>
    public const string NotRun = "Needs a local host that it starts itself; SPRINGEST_E2E_ADDRESS names one that runs already.";

    public static bool IsGiven => Find("ADDRESS") is not null;

    public static Uri Address => Url("ADDRESS");

    /// <summary>Where this suite's simulator is to listen; the target reaches it there, or through a tunnel that leads there.</summary>
    public static Uri Simulator => Url("SIMULATOR");

    public static Keys Keys => new(
        Get("READER_KEY"), Get("VIEWER_KEY"), Get("OPERATOR_KEY"), Get("FUNCTION_KEY"), Get("MASTER_KEY"), Get("SYSTEM_KEY"),
        Find("WEBHOOK_KEY"));

    public static string Storage => Get("STORAGE");

    /// <summary>The target's setting Springest__Storage__Prefix.</summary>
    public static string StoragePrefix => Find("PREFIX") ?? "";

    /// <summary>The target's setting Springest__Certificates__Container.</summary>
    public static string Container => Find("CONTAINER") ?? "certificates";

    private static Uri Url(string name)
        => Uri.TryCreate(Get(name), UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new Uri(address.AbsoluteUri.TrimEnd('/') + "/")
            : throw new InvalidOperationException($"{Prefix}{name} is '{Get(name)}' but must be an address such as http://127.0.0.1:7071.");

    private static string Get(string name)
        => Find(name)
        ?? throw new InvalidOperationException(
            $"{Prefix}{name} is not set, which the suite needs for a host that runs already. See docs/testing.md.");

    private static string? Find(string name) => Environment.GetEnvironmentVariable(Prefix + name) is { Length: > 0 } value ? value : null;
}

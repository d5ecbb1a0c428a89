using Springest.Functions.Access;

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>What opens the app.</summary>
/// <param name="Reader">An access key of the role reader.</param>
/// <param name="Viewer">One of the role viewer.</param>
/// <param name="Operator">One of the role operator.</param>
/// <param name="Function">The host's: opens the addresses of webhooks.</param>
/// <param name="Master">The host's: opens its own addresses, and those of webhooks.</param>
/// <param name="System">Opens the address where Event Grid delivers.</param>
/// <param name="Webhook">A key of the function ReceiveTrainingsWebhook alone; null if the target has none.</param>
public sealed record Keys(
    string Reader, string Viewer, string Operator, string Function, string Master, string System, string? Webhook)
{
    /// <summary>Fresh ones.</summary>
    public static Keys Make() => new(
        New("reader"), New("viewer"), New("operator"), New("function"), New("master"), New("system"), New("webhook"));

    /// <summary>The setting that makes the app know them.</summary>
    public string AccessSetting => AccessKey.Format(
    [
        AccessKey.Of("rita", AccessRole.Reader, Reader), AccessKey.Of("vic", AccessRole.Viewer, Viewer),
        AccessKey.Of("olga", AccessRole.Operator, Operator),
    ]);

    /// <summary>Whether a key is the host's.</summary>
    public bool IsOfHost(string key) => key == Function || key == Master || key == System || key == Webhook;

    private static string New(string use) => $"e2e-{use}-{Guid.NewGuid():N}";
}

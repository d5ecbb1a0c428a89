namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>What opens the app.</summary>
/// <param name="Function">Opens every function of level function.</param>
/// <param name="Master">Opens everything.</param>
/// <param name="System">Opens the address where Event Grid delivers.</param>
/// <param name="Webhook">A key of the function ReceiveTrainingsWebhook alone; null if the target has none.</param>
public sealed record Keys(string Function, string Master, string System, string? Webhook)
{
    /// <summary>Fresh ones.</summary>
    public static Keys Make() => new(New("function"), New("master"), New("system"), New("webhook"));

    private static string New(string use) => $"e2e-{use}-{Guid.NewGuid():N}";
}

namespace Springest.Client.Tests.Simulator;

/// <summary>Clients that no listener of this process hears of: other tests watch everything that is said for keys.</summary>
internal static class QuietHttp
{
    public static HttpClient To(Uri address)
        => new(new SocketsHttpHandler { ActivityHeadersPropagator = null, UseProxy = false }) { BaseAddress = address };
}

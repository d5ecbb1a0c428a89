using System.Security.Cryptography;

namespace Springest.Tools.Demo;

/// <summary>Fresh keys for every demo. None may turn up in a log.</summary>
internal sealed record DemoKeys
{
    public string Api { get; } = Make("api");

    public string Certifications { get; } = Make("certifications");

    public string Function { get; } = Make("function");

    public string Master { get; } = Make("master");

    public IReadOnlyList<string> All => [Api, Certifications, Function, Master];

    private static string Make(string use) => $"demo-{use}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}";
}

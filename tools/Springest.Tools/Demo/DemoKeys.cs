using System.Security.Cryptography;
using Springest.Functions.Access;

namespace Springest.Tools.Demo;

/// <summary>Fresh keys for every demo. None may turn up in a log.</summary>
internal sealed record DemoKeys
{
    public string Api { get; } = Make("api");

    public string Certifications { get; } = Make("certifications");

    public string Function { get; } = Make("function");

    /// <summary>Opens everything in the app.</summary>
    public (AccessKey Key, string Value) Operator { get; } = AccessKey.Make("demo", AccessRole.Operator);

    /// <summary>Opens what there is to look at.</summary>
    public (AccessKey Key, string Value) Viewer { get; } = AccessKey.Make("visitor", AccessRole.Viewer);

    public IReadOnlyList<string> All => [Api, Certifications, Function, Operator.Value, Viewer.Value];

    private static string Make(string use) => $"demo-{use}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}";
}

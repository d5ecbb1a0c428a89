namespace Springest.Functions.Access;

/// <summary>Settings <c>Springest:Access</c>: where the access keys are. Without either, nobody is let in.</summary>
public sealed class AccessOptions
{
    /// <summary>Address of the key vault, such as https://NAME.vault.azure.net.</summary>
    public string Vault { get; set; } = "";

    /// <summary>On a developer's machine: the keys themselves, in the form of <see cref="AccessKey"/>.</summary>
    public string Keys { get; set; } = "";
}

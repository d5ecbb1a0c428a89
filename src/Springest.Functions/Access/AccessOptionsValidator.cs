using Microsoft.Extensions.Options;

namespace Springest.Functions.Access;

/// <summary>Keys come from one place, and can be read.</summary>
internal sealed class AccessOptionsValidator : IValidateOptions<AccessOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        if (options is { Vault.Length: > 0, Keys.Length: > 0 })
            return ValidateOptionsResult.Fail(
                "Springest__Access__Vault and Springest__Access__Keys are both set; one of them must be empty.");
        if (options.Vault.Length > 0
            && !(Uri.TryCreate(options.Vault, UriKind.Absolute, out var vault) && vault.Scheme == Uri.UriSchemeHttps))
            return ValidateOptionsResult.Fail(
                $"Springest__Access__Vault is '{options.Vault}'; it must be the address of a key vault, such as "
                    + "https://NAME.vault.azure.net.");
        // The value is not repeated: somebody may have put a key there instead of its hash.
        return AccessKey.TryParse(options.Keys, out _, out var fault)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Springest__Access__Keys cannot be read: {fault}");
    }
}

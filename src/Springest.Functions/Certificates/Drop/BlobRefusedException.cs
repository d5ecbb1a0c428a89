using System.Globalization;
using Azure;

namespace Springest.Functions.Certificates.Drop;

/// <summary>
/// Storage refuses a request about one blob for a reason of this blob's own: it is archived, locked, protected. That is a matter for a
/// person, and no fault of the app.
/// </summary>
/// <param name="blob">Name of the blob.</param>
/// <param name="refusal">The answer.</param>
public sealed class BlobRefusedException(string blob, RequestFailedException refusal) : Exception("Storage refuses a blob.", refusal)
{
    // What the app itself may not, or may not now; or what has happened to the blob meanwhile.
    private static readonly string[] s_others =
    [
        "AuthenticationFailed", "AuthorizationFailure", "AuthorizationPermissionMismatch", "AuthorizationProtocolMismatch",
        "AuthorizationResourceTypeMismatch", "AuthorizationServiceMismatch", "AuthorizationSourceIPMismatch", "AccountIsDisabled",
        "InsufficientAccountPermissions", "InvalidAuthenticationInfo", "KeyBasedAuthenticationNotPermitted", "PublicAccessNotPermitted",
        "ConditionNotMet", "SourceConditionNotMet", "TargetConditionNotMet",
        "ContainerNotFound", "ContainerBeingDeleted", "ContainerDisabled",
    ];

    /// <summary>Name of the blob without folders.</summary>
    public string FileName { get; } = BlobNames.FileOf(blob);

    /// <summary>The error's code, or its status.</summary>
    public string Code { get; } = refusal.ErrorCode ?? refusal.Status.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether an answer is about the blob.</summary>
    public static bool Is(RequestFailedException e)
        => e.Status is >= 400 and < 500 and not (401 or 404 or 408 or 416 or 429) && !s_others.Contains(e.ErrorCode)
            // Without a code, as a HEAD is answered, it is what it mostly is.
            && (e.Status is not (403 or 412) || e.ErrorCode is not null);
}

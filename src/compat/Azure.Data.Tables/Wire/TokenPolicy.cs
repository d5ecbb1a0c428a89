using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Wire;

/// <summary>Authorises with a token for storage; on demand in the tenant that the service names when it refuses.</summary>
internal sealed class TokenPolicy(TokenCredential credential, TableClientOptions? options)
    : BearerTokenAuthenticationPolicy(credential, ScopeOf(options))
{
    private const string Marker = "authorization_uri=";

    private readonly bool _discover = options?.EnableTenantDiscovery ?? false;
    private volatile string? _tenant;

    protected override ValueTask AuthorizeRequestAsync(HttpMessage message)
        => _discover && _tenant is null ? ValueTask.CompletedTask : AuthenticateAndAuthorizeRequestAsync(message, Context(message));

    protected override async ValueTask<bool> AuthorizeRequestOnChallengeAsync(HttpMessage message)
    {
        if (!_discover || _tenant is not null || TenantOf(message.Response) is not { } tenant)
            return false;
        _tenant = tenant;
        await AuthenticateAndAuthorizeRequestAsync(message, Context(message)).ConfigureAwait(false);
        return true;
    }

    private static string ScopeOf(TableClientOptions? options) => (options?.Audience ?? TableAudience.AzurePublicCloud).Scope;

    private TokenRequestContext Context(HttpMessage message) => new([ScopeOf(options)], message.Request.ClientRequestId, tenantId: _tenant);

    // Bearer authorization_uri=https://login.microsoftonline.com/{tenant}/oauth2/authorize resource_id=https://storage.azure.com
    private static string? TenantOf(Response response)
    {
        if (!response.Headers.TryGetValue("WWW-Authenticate", out var challenge) || challenge.Split(Marker) is not [_, var rest, ..])
            return null;
        return Uri.TryCreate(rest.Split(' ', ',')[0].Trim('"'), UriKind.Absolute, out var uri) && uri.Segments is [_, var tenant, ..]
            ? tenant.Trim('/')
            : null;
    }
}

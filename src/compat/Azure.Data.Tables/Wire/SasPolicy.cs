using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Wire;

/// <summary>Puts the shared access signature, which may be exchanged at any time, into each attempt's query.</summary>
internal sealed class SasPolicy(AzureSasCredential credential) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var signature = credential.Signature.TrimStart('?');
        var query = message.Request.Uri.Query.TrimStart('?');
        // A retry finds the query signed already.
        if (!query.Contains(signature, StringComparison.Ordinal))
            message.Request.Uri.Query = query.Length == 0 ? signature : $"{query}&{signature}";
    }
}

using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Wire;

/// <summary>One account's table service: its address, and the pipeline that requests go through.</summary>
internal sealed class TableEndpoint
{
    private readonly HttpPipeline _pipeline;
    private readonly string _version;

    public TableEndpoint(Uri uri, string? accountName, HttpPipelinePolicy? authentication, TableClientOptions? options)
    {
        options ??= new TableClientOptions();
        (Uri, _version) = (uri, options.VersionString);
        AccountName = accountName ?? AccountOf(uri);
        var build = new HttpPipelineOptions(options) { RequestFailedDetailsParser = TableErrorParser.Instance };
        if (authentication is not null)
            build.PerRetryPolicies.Add(authentication);
        _pipeline = HttpPipelineBuilder.Build(build);
    }

    /// <summary>Without the name of a table; with the query, if that holds a signature.</summary>
    public Uri Uri { get; }

    public string AccountName { get; }

    public static HttpPipelinePolicy TokenPolicy(TokenCredential credential, TableClientOptions? options)
        => new BearerTokenAuthenticationPolicy(credential, (options?.Audience ?? TableAudience.AzurePublicCloud).Scope);

    /// <summary>Refuses to send a signature where anybody can read it.</summary>
    public static Uri Secure(Uri endpoint)
        => endpoint.Scheme == Uri.UriSchemeHttps ? endpoint : throw new ArgumentException("A shared access signature needs https.", nameof(endpoint));

    /// <summary>A message to the given path below the account, already escaped.</summary>
    public HttpMessage CreateMessage(RequestMethod method, string path)
    {
        var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(Uri);
        message.Request.Uri.AppendPath($"/{path}", escape: false);
        message.Request.Headers.SetValue("x-ms-version", _version);
        message.Request.Headers.SetValue("DataServiceVersion", "3.0");
        message.Request.Headers.SetValue("Accept", TableRequests.MinimalMetadata);
        return message;
    }

    /// <summary>Sends, and throws what the service complains of, unless it is one of the statuses that the caller expects.</summary>
    public async Task<Response> SendAsync(HttpMessage message, CancellationToken cancellationToken, params int[] expected)
    {
        await _pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
        var response = message.Response;
        if (response.IsError && !expected.Contains(response.Status))
            throw new RequestFailedException(response);
        return response;
    }

    // https://account.table.core.windows.net, or http://127.0.0.1:10002/account as emulators have it.
    private static string AccountOf(Uri uri)
        => uri.HostNameType == UriHostNameType.Dns && uri.Host.Contains('.', StringComparison.Ordinal)
            ? uri.Host.Split('.')[0]
            : uri.AbsolutePath.Trim('/').Split('/')[0];
}

using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Wire;

/// <summary>One account's table service: its address, and the pipeline that requests go through.</summary>
internal sealed class TableEndpoint
{
    private readonly HttpPipeline _pipeline;
    private readonly string _version;

    /// <param name="uri">The account's address. A query is a shared access signature.</param>
    /// <param name="authentication">How to sign each attempt; null for the signature in the address.</param>
    /// <param name="options">Retry, transport, diagnostics.</param>
    /// <param name="accountName">The account, if the address need not tell it.</param>
    public TableEndpoint(Uri uri, HttpPipelinePolicy? authentication, TableClientOptions? options, string? accountName = null)
    {
        options ??= TableClientOptions.DefaultOptions;
        authentication ??= uri.Query.Length > 1 ? new SasPolicy(new AzureSasCredential(uri.Query)) : null;
        Uri = new UriBuilder(uri) { Query = "" }.Uri;
        AccountName = accountName ?? AccountOf(uri);
        _version = options.VersionString;
        var build = new HttpPipelineOptions(options) { RequestFailedDetailsParser = TableErrorParser.Instance };
        if (authentication is not null)
            build.PerRetryPolicies.Add(authentication);
        _pipeline = HttpPipelineBuilder.Build(build);
    }

    /// <summary>Without the name of a table, without a signature.</summary>
    public Uri Uri { get; }

    public string AccountName { get; }

    /// <summary>Refuses to send a signature where anybody can read it.</summary>
    public static Uri Secure(Uri endpoint) => endpoint.Scheme == Uri.UriSchemeHttps || endpoint.IsLoopback
        ? endpoint
        : throw new ArgumentException("A shared access signature needs https.", nameof(endpoint));

    /// <summary>A message to the given path below the account, already escaped.</summary>
    public HttpMessage CreateMessage(RequestMethod method, string path)
    {
        var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(Uri);
        message.Request.Uri.AppendPath(Uri.AbsolutePath.EndsWith('/') ? path : $"/{path}", escape: false);
        message.Request.Headers.SetValue("x-ms-version", _version);
        message.Request.Headers.SetValue("DataServiceVersion", "3.0");
        message.Request.Headers.SetValue("Accept", TableRequests.MinimalMetadata);
        return message;
    }

    /// <summary>Sends, and throws what the service complains of, unless the caller counts that status as an answer.</summary>
    public async Task<Response> SendAsync(HttpMessage message, CancellationToken cancellationToken, int? answer = null)
    {
        if (answer is { } status)
            message.ResponseClassifier = new Tolerant(status);
        await _pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
        return message.Response.IsError ? throw new RequestFailedException(message.Response) : message.Response;
    }

    // https://account.table.core.windows.net, or http://127.0.0.1:10002/account as emulators have it.
    private static string AccountOf(Uri uri)
        => uri.HostNameType == UriHostNameType.Dns && uri.Host.Contains('.', StringComparison.Ordinal)
            ? uri.Host.Split('.')[0]
            : uri.AbsolutePath.Trim('/').Split('/')[0];

    /// <summary>Keeps what is no failure out of logs and traces of failures too.</summary>
    private sealed class Tolerant(int status) : ResponseClassifier
    {
        public override bool IsErrorResponse(HttpMessage message) => message.Response.Status != status && base.IsErrorResponse(message);
    }
}

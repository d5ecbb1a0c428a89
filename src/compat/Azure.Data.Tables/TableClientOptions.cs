using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>Retry, transport and diagnostics, as for every Azure client, and the version of the service's protocol.</summary>
public class TableClientOptions : ClientOptions
{
    public TableClientOptions(ServiceVersion serviceVersion = ServiceVersion.V2020_12_06)
    {
        VersionString = serviceVersion switch
        {
            ServiceVersion.V2019_02_02 => "2019-02-02",
            ServiceVersion.V2020_12_06 => "2020-12-06",
            _ => throw new ArgumentOutOfRangeException(nameof(serviceVersion)),
        };
    }

    public enum ServiceVersion
    {
        V2019_02_02 = 1,
        V2020_12_06 = 2,
    }

    /// <summary>Whether to ask for tokens in the tenant that the service names, which costs one refused request.</summary>
    public bool EnableTenantDiscovery { get; set; }

    /// <summary>Whom tokens are asked for; the public cloud's storage if not set.</summary>
    public TableAudience? Audience { get; set; }

    internal string VersionString { get; }

    /// <summary>
    /// What is not named here or by Azure.Core is logged as REDACTED: signatures, and filters, since they hold values.
    /// </summary>
    internal static TableClientOptions DefaultOptions => new()
    {
        Diagnostics =
        {
            LoggedHeaderNames = { "x-ms-request-id", "x-ms-error-code", "DataServiceVersion" },
            LoggedQueryParameters = { "$format", "$top", "$select" },
        },
    };
}

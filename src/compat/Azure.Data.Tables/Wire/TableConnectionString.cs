using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Wire;

/// <summary>Where the tables are and how to sign, as a storage connection string says it.</summary>
internal sealed record TableConnectionString(Uri Endpoint, string? AccountName, HttpPipelinePolicy Authentication)
{
    // Public knowledge: the one account of the storage emulator.
    private const string Development =
        "TableEndpoint=http://127.0.0.1:10002/devstoreaccount1;AccountName=devstoreaccount1;" +
        "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static TableConnectionString Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var settings = Split(text);
        if (settings.GetValueOrDefault("UseDevelopmentStorage") is { } use && use.Equals("true", StringComparison.OrdinalIgnoreCase))
            settings = Split(Development);

        var account = settings.GetValueOrDefault("AccountName");
        var endpoint = Endpoint();
        if (settings.GetValueOrDefault("SharedAccessSignature") is { } signature)
            return new TableConnectionString(endpoint, account, new SasPolicy(new AzureSasCredential(signature)));
        if (account is null || settings.GetValueOrDefault("AccountKey") is not { } key)
            throw new InvalidOperationException("The connection string needs AccountName and AccountKey, or SharedAccessSignature.");
        return new TableConnectionString(endpoint, account, new SharedKeyPolicy(new TableSharedKeyCredential(account, key)));

        Uri Endpoint()
        {
            if (settings.GetValueOrDefault("TableEndpoint") is { } given)
                return new Uri(given);
            if (account is null)
                throw new InvalidOperationException("The connection string needs AccountName or TableEndpoint.");
            var protocol = settings.GetValueOrDefault("DefaultEndpointsProtocol", "https");
            return new Uri($"{protocol}://{account}.table.{settings.GetValueOrDefault("EndpointSuffix", "core.windows.net")}");
        }
    }

    public TableEndpoint Connect(TableClientOptions? options) => new(Endpoint, Authentication, options, AccountName);

    private static Dictionary<string, string> Split(string text)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            // The pair is not quoted: it may be a part of the key.
            if (equals <= 0)
                throw new InvalidOperationException("The connection string must consist of Name=value pairs with semicolons between them.");
            settings[pair[..equals]] = pair[(equals + 1)..];
        }

        return settings;
    }
}

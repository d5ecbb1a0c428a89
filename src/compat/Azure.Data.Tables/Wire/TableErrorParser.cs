using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables.Wire;

/// <summary>Reads the service's errors: <c>{"odata.error":{"code":"...","message":{"lang":"...","value":"..."}}}</c>.</summary>
internal sealed class TableErrorParser : RequestFailedDetailsParser
{
    /// <summary>
    /// Key in <see cref="Exception.Data"/>: which action of a transaction failed, as the message's leading <c>index:</c> says.
    /// </summary>
    public const string FailedEntity = nameof(FailedEntity);

    public static readonly TableErrorParser Instance = new();

    public override bool TryParse(Response response, out ResponseError? error, out IDictionary<string, string>? data)
    {
        (error, data) = (null, null);
        if (response.ContentStream is not { CanSeek: true })
            return false;
        try
        {
            using var document = JsonDocument.Parse(response.Content);
            var body = document.RootElement.GetProperty("odata.error");
            var message = body.GetProperty("message").GetProperty("value").GetString() ?? "";
            error = new ResponseError(body.GetProperty("code").GetString(), message);
            if (message.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && int.TryParse(message.AsSpan(0, colon), out _))
                data = new Dictionary<string, string> { [FailedEntity] = message[..colon] };
            return true;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Not the service's own words: a proxy's page, or nothing.
            return false;
        }
    }
}

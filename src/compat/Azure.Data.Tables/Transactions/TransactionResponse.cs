using System.Text;

namespace Azure.Data.Tables.Transactions;

/// <summary>
/// Reads the answers inside a transaction's answer: after each <c>HTTP/1.1</c> line come headers, an empty line and a body.
/// </summary>
internal static class TransactionResponse
{
    public static async Task<IReadOnlyList<Response>> ReadAsync(Response response, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(response.ContentStream!, Encoding.UTF8, leaveOpen: true);
        var parts = new List<Response>();
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith("HTTP/1.", StringComparison.Ordinal))
                parts.Add(await ReadPartAsync(line, reader, response.ClientRequestId, cancellationToken).ConfigureAwait(false));
        }

        return parts;
    }

    private static async Task<TransactionPart> ReadPartAsync(
        string statusLine, StreamReader reader, string requestId, CancellationToken cancellationToken)
    {
        var part = TransactionPart.Parse(statusLine, requestId);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { Length: > 0 } header)
            part.AddHeader(header);

        // JSON on one line, then the boundary.
        var body = new StringBuilder();
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line and not ['-', '-', ..])
            body.Append(line);
        part.ContentStream = new MemoryStream(Encoding.UTF8.GetBytes(body.ToString()));
        return part;
    }
}

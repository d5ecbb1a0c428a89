using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Azure.Core;

namespace Azure.Data.Tables.Transactions;

/// <summary>The answer to one action of a transaction.</summary>
internal sealed class TransactionPart(int status, string reason, string requestId) : Response
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    public override int Status => status;

    public override string ReasonPhrase => reason;

    public override Stream? ContentStream { get; set; }

    public override string ClientRequestId { get; set; } = requestId;

    public override bool IsError => status >= 400;

    /// <param name="statusLine">Such as <c>HTTP/1.1 204 No Content</c>.</param>
    /// <param name="requestId">The whole transaction's.</param>
    public static TransactionPart Parse(string statusLine, string requestId)
    {
        var words = statusLine.Split(' ', 3);
        return new TransactionPart(int.Parse(words[1], CultureInfo.InvariantCulture), words.Length > 2 ? words[2] : "", requestId);
    }

    public void AddHeader(string line)
    {
        if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            _headers[line[..colon]] = line[(colon + 1)..].Trim();
    }

    public override void Dispose() => ContentStream?.Dispose();

    protected override bool ContainsHeader(string name) => _headers.ContainsKey(name);

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) => _headers.TryGetValue(name, out value);

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = _headers.TryGetValue(name, out var value) ? [value] : null;
        return values is not null;
    }

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => _headers.Select(header => new HttpHeader(header.Key, header.Value));
}

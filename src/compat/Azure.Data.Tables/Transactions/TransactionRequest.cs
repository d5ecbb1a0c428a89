using System.Globalization;
using System.Text;
using Azure.Core;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables.Transactions;

/// <summary>Writes a transaction as OData has it: a change set of HTTP requests inside one multipart request.</summary>
internal static class TransactionRequest
{
    public static HttpMessage Create(TableEndpoint endpoint, TableRequests requests, IReadOnlyList<TableTransactionAction> actions)
    {
        var (batch, changes) = ($"batch_{Guid.NewGuid()}", $"changeset_{Guid.NewGuid()}");
        var parts = actions.Select(action => MessageFor(requests, action)).ToList();
        // Room for all of it at once: a buffer that grows would be copied time and again.
        var body = new MemoryStream(parts.Sum(part => LengthOf(part.Request.Content) + 1_000));
        WriteText(body, $"--{batch}\r\nContent-Type: multipart/mixed; boundary={changes}\r\n\r\n");
        foreach (var message in parts)
        {
            using var part = message;
            WriteText(body, $"--{changes}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
            WritePart(body, part.Request);
        }

        WriteText(body, $"--{changes}--\r\n--{batch}--\r\n");

        var whole = endpoint.CreateMessage(RequestMethod.Post, "$batch");
        whole.Request.Headers.SetValue("Content-Type", $"multipart/mixed; boundary={batch}");
        whole.Request.Content = RequestContent.Create(new ReadOnlyMemory<byte>(body.GetBuffer(), 0, (int)body.Length));
        return whole;
    }

    private static int LengthOf(RequestContent? content) => content is not null && content.TryComputeLength(out var length) ? (int)length : 0;

    private static HttpMessage MessageFor(TableRequests requests, TableTransactionAction action)
    {
        var (entity, etag) = (action.Entity, action.ETag);
        return action.ActionType switch
        {
            TableTransactionActionType.Add => requests.Insert(entity),
            TableTransactionActionType.UpdateMerge => requests.Update(entity, TableUpdateMode.Merge, etag),
            TableTransactionActionType.UpdateReplace => requests.Update(entity, TableUpdateMode.Replace, etag),
            TableTransactionActionType.Delete => requests.Delete(entity.PartitionKey, entity.RowKey, etag),
            TableTransactionActionType.UpsertMerge => requests.Update(entity, TableUpdateMode.Merge),
            TableTransactionActionType.UpsertReplace => requests.Update(entity, TableUpdateMode.Replace),
            _ => throw new ArgumentOutOfRangeException(nameof(action)),
        };
    }

    private static void WritePart(MemoryStream body, Request request)
    {
        WriteText(body, $"{request.Method.Method} {request.Uri.ToUri().AbsoluteUri} HTTP/1.1\r\n");
        foreach (var header in request.Headers)
            WriteText(body, $"{header.Name}: {header.Value}\r\n");
        if (request.Content is { } content && content.TryComputeLength(out var length))
        {
            WriteText(body, string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n\r\n"));
            content.WriteTo(body, CancellationToken.None);
        }
        else
        {
            WriteText(body, "\r\n");
        }

        WriteText(body, "\r\n");
    }

    private static void WriteText(MemoryStream body, string text) => body.Write(Encoding.UTF8.GetBytes(text));
}

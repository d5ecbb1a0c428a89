using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Springest.Testing.Memory;

/// <summary>The multipart bodies of an entity group transaction.</summary>
internal static class TransactionBody
{
    private const string Boundary = "batchresponse";
    private const string Changes = "changesetresponse";

    /// <summary>The actions in a request's body: after each request line come headers, an empty line, and JSON on one line.</summary>
    public static IReadOnlyList<Action> Read(byte[] body)
    {
        using var reader = new StringReader(Encoding.UTF8.GetString(body));
        var actions = new List<Action>();
        while (reader.ReadLine() is { } line)
        {
            if (line.EndsWith(" HTTP/1.1", StringComparison.Ordinal))
                actions.Add(ReadAction(line, reader));
        }

        return actions;
    }

    public static HttpResponseMessage Write(IEnumerable<string> answers)
    {
        var text = new StringBuilder($"--{Boundary}\r\nContent-Type: multipart/mixed; boundary={Changes}\r\n\r\n");
        foreach (var answer in answers)
            text.Append(
                CultureInfo.InvariantCulture,
                $"--{Changes}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n{answer}\r\n");
        text.Append($"--{Changes}--\r\n--{Boundary}--\r\n");
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text.ToString()));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/mixed; boundary={Boundary}");
        return new HttpResponseMessage(HttpStatusCode.Accepted) { Content = content };
    }

    private static Action ReadAction(string requestLine, StringReader reader)
    {
        var (method, rest) = (
            requestLine[..requestLine.IndexOf(' ', StringComparison.Ordinal)],
            requestLine[(requestLine.IndexOf(' ', StringComparison.Ordinal) + 1)..^9]);
        var path = Uri.UnescapeDataString(new Uri(rest).AbsolutePath.Split('/', 3)[2]);
        string? condition = null;
        while (reader.ReadLine() is { Length: > 0 } header)
        {
            if (header.StartsWith("If-Match: ", StringComparison.OrdinalIgnoreCase))
                condition = header[10..];
        }

        return new Action(method, path, condition, Encoding.UTF8.GetBytes(method == "DELETE" ? "" : reader.ReadLine() ?? ""));
    }

    /// <param name="Method">As in a request of its own.</param>
    /// <param name="Path">Behind the account's name, decoded.</param>
    /// <param name="Condition">Its If-Match.</param>
    /// <param name="Body">The entity.</param>
    internal sealed record Action(string Method, string Path, string? Condition, byte[] Body);
}

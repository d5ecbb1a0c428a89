using System.Net;
using System.Text;
using System.Text.Json;

namespace Springest.Testing.Memory;

/// <summary>What the table service says when it does not do as asked.</summary>
internal sealed class TableError(int status, string code) : Exception
{
    public string StatusLine => $"{status} {(HttpStatusCode)status}";

    public string Body(string prefix = "")
        => JsonSerializer.Serialize(
            new Dictionary<string, object> { ["odata.error"] = new { code, message = new { lang = "en-US", value = prefix + code } } });

    public HttpResponseMessage ToResponse() => new((HttpStatusCode)status)
    {
        Content = new StringContent(Body(), Encoding.UTF8, "application/json"),
        Headers = { { "x-ms-error-code", code } },
    };
}

using System.IO.Compression;
using Azure.Data.Tables;

namespace Springest.Testing.Webhooks;

/// <summary>What webhooks say, and what the mirror holds.</summary>
internal static class WebhookBodies
{
    public static string Changes(params string[] changes) => $$"""{"changes":[{{string.Join(',', changes)}}]}""";

    public static string Update(long id)
        => $$"""{"action":"update","object":"training","id":{{id}},"url":"http://api.springest.nl/trainings/{{id}}"}""";

    public static string Destroy(long id) => $$$"""{"action":"destroy","object":"training","id":{{{id}}}}""";

    public static string Import(long id)
        => $$"""{"action":"import","object":"institute","id":{{id}},"url":"http://api.springest.nl/institutes/{{id}}"}""";

    public static string Institute(string action, long id) => $$"""{"action":"{{action}}","object":"institute","id":{{id}} }""";

    public static byte[] Gzip(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(body);
        return packed.ToArray();
    }

    /// <summary>A mirrored record, as received.</summary>
    public static string JsonOf(TableEntity row)
        => string.Concat(row.Where(column => column.Key.StartsWith("Json", StringComparison.Ordinal))
            .OrderBy(column => column.Key.Length).ThenBy(column => column.Key, StringComparer.Ordinal).Select(column => column.Value));
}

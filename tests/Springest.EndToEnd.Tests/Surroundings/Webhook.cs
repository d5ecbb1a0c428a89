using System.IO.Compression;
using System.Text;

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>Bodies as Springest posts them.</summary>
internal static class Webhook
{
    public static byte[] Update(params IEnumerable<long> trainings)
        => Changes(trainings.Select(id => $$"""{"action":"update","object":"training","id":{{id}}}"""));

    public static byte[] Changes(IEnumerable<string> changes)
        => Encoding.UTF8.GetBytes($$"""{"changes":[{{string.Join(',', changes)}}]}""");

    /// <summary>A body of exactly this size that names one training.</summary>
    public static byte[] OfSize(long training, int size)
    {
        var body = new byte[size];
        Array.Fill(body, (byte)' ');
        Update(training).CopyTo(body, 0);
        return body;
    }

    public static byte[] Gzip(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(body);
        return packed.ToArray();
    }
}

using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Springest.Client.Http.Bodies;

/// <summary>
/// A certificate as multipart/form-data (docs/springest-api.md, section 8.12): fields, then the file streamed through as it is. The
/// boundary is random, so no value can end its part; names stand in quotes with everything escaped that could end those.
/// </summary>
internal sealed class CertificateForm : WriteContent
{
    private readonly Stream _file;
    private readonly byte[] _before;
    private readonly byte[] _after;

    public CertificateForm(CertificateUpload certificate, string bookingField)
    {
        var boundary = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var before = new StringBuilder();
        foreach (var (name, value) in Fields(certificate, bookingField))
            before.Append(CultureInfo.InvariantCulture,
                $"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        before.Append(CultureInfo.InvariantCulture,
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; {FileName(certificate.FileName)}\r\n")
            .Append(CultureInfo.InvariantCulture, $"Content-Type: {certificate.ContentType}\r\n\r\n");
        _before = Encoding.UTF8.GetBytes(before.ToString());
        _after = Encoding.UTF8.GetBytes($"\r\n--{boundary}--\r\n");
        _file = certificate.Content;
        Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={boundary}");
    }

    protected override async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_before, cancellationToken).ConfigureAwait(false);
        await _file.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(_after, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _file.CanSeek ? _before.Length + _file.Length - _file.Position + _after.Length : 0;
        return _file.CanSeek;
    }

    private static IEnumerable<(string Name, string Value)> Fields(CertificateUpload certificate, string bookingField)
    {
        if (certificate.BookingId is { } booking)
            yield return (bookingField, booking.ToString(CultureInfo.InvariantCulture));
        yield return ("certification_id", certificate.CertificationId.ToString(CultureInfo.InvariantCulture));
        yield return ("email", certificate.Email);
        yield return ("valid_from", certificate.ValidFrom.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (certificate.ValidUntil is { } until)
            yield return ("valid_until", until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    /// <summary>As browsers write it; a name beyond ASCII once more in the form that is never misread.</summary>
    private static string FileName(string name)
    {
        var safe = string.Concat(name.Select(c => char.IsControl(c) || c is '/' or '\\' ? '_' : c));
        var quoted = safe.Replace("\"", "%22", StringComparison.Ordinal);
        return Ascii.IsValid(safe) ? $"filename=\"{quoted}\"" : $"filename=\"{quoted}\"; filename*=UTF-8''{Uri.EscapeDataString(safe)}";
    }
}

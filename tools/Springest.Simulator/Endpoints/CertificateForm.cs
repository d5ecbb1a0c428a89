using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Springest.Simulator.Endpoints;

/// <summary>A certificate as it is posted: text fields and a file, which is read as a stream and not kept.</summary>
internal sealed record CertificateForm(IReadOnlyDictionary<string, string> Fields, CertificateFile? File)
{
    private const int MaxFieldLength = 4096;

    /// <summary>The certification, once the rules have found it to be one.</summary>
    public long CertificationId => long.Parse(Fields["certification_id"], CultureInfo.InvariantCulture);

    /// <summary>Reads a <c>multipart/form-data</c> body; any other body, or a broken one, has no fields.</summary>
    public static async Task<CertificateForm> ReadAsync(HttpRequest request, long maxFileSize, CancellationToken cancellationToken)
    {
        var fields = new Dictionary<string, string>();
        CertificateFile? file = null;
        if (Boundary(request) is not { } boundary)
            return new CertificateForm(fields, null);
        try
        {
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
                    continue;
                if (disposition.IsFileDisposition())
                    file = await CertificateFile.ReadAsync(section, disposition, maxFileSize, cancellationToken);
                else if (disposition.Name.Value is { } name)
                    fields[HeaderUtilities.RemoveQuotes(name).ToString()] = await ReadFieldAsync(section, cancellationToken);
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException && !cancellationToken.IsCancellationRequested)
        {
            return new CertificateForm(fields, null);
        }

        return new CertificateForm(fields, file);
    }

    private static string? Boundary(HttpRequest request)
        => MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? HeaderUtilities.RemoveQuotes(type.Boundary).Value
            : null;

    private static async Task<string> ReadFieldAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(section.Body);
        var buffer = new char[MaxFieldLength];
        var length = await reader.ReadBlockAsync(buffer, cancellationToken);
        return new string(buffer, 0, length);
    }
}

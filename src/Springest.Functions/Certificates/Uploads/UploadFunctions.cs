using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Access;
using Springest.Functions.Certificates.Metadata;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Http;
using Springest.Functions.Sites;

namespace Springest.Functions.Certificates.Uploads;

/// <summary>
/// Certificates that people send by the console: first checked, then uploaded in parts, so small that the host can hold them in memory.
/// </summary>
public sealed class UploadFunctions(SpringestClients clients, UploadCheck check, UploadStore store, CertificationNameIndex names)
{
    /// <summary>Of a check: Base64 takes a third more than the list itself, and the host takes bodies of 2 MiB at least.</summary>
    public const int MostCheckBytes = 1_900_000;

    /// <summary>
    /// Checks a list and the names of files before anything is uploaded: <c>{ "list": "BASE64", "files": ["a.pdf"] }</c>. Without a list
    /// the names say what files are for.
    /// </summary>
    [Function("CheckUpload")]
    [RequiresRole(AccessRole.Operator, IsLogged = false)]
    [ProducesResponseType<UploadCheckResult>(StatusCodes.Status200OK)]
    public async Task<IResult> CheckAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/certificates/{site}/check")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
    {
        if (clients.Find(site) is not { } known)
            return Answers.Problem(HttpStatusCode.NotFound, clients.Unknown(site));
        if (await ReadAsync(request.Body, MostCheckBytes, cancellationToken) is not { } body)
            return Answers.Problem(HttpStatusCode.RequestEntityTooLarge, "The list must have at most 1.4 MB.");
        UploadCheckRequest? wanted;
        byte[]? list;
        try
        {
            wanted = JsonSerializer.Deserialize(body.Span, UploadJson.Default.UploadCheckRequest);
            list = wanted?.List is { } base64 ? Convert.FromBase64String(base64) : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            (wanted, list) = (null, null);
        }

        return wanted?.Files is not { } files || files.Any(file => file is null)
            ? Answers.Problem(HttpStatusCode.BadRequest, "The body must be JSON such as { \"list\": \"BASE64\", \"files\": [\"a.pdf\"] }.")
            : Answers.Json(await check.RunAsync(known, list, files, cancellationToken), UploadJson.Default);
    }

    /// <summary>An empty list to fill in, with the site's certifications to choose from if it is a workbook.</summary>
    [Function("GetListTemplate")]
    [RequiresRole(AccessRole.Viewer)]
    [QueryParameter("format", "csv or xlsx, which it is if it is not given.")]
    [QueryParameter("language", "The language of its columns: en, nl or de.")]
    [ProducesResponseType<string>(
        StatusCodes.Status200OK, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv")]
    public async Task<IResult> GetTemplateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "certificates/{site}/list/template")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
    {
        if (clients.Find(site) is not { } known)
            return Answers.Problem(HttpStatusCode.NotFound, clients.Unknown(site));
        (string? format, string? language) = (request.Query["format"], request.Query["language"]);
        if (format is not (null or "csv" or "xlsx"))
            return Answers.Problem(HttpStatusCode.BadRequest, "format must be csv or xlsx.");
        if (!Sentences.Languages.Contains(language ?? "en"))
            return Answers.Problem(
                HttpStatusCode.BadRequest, $"language must be one of: {string.Join(", ", Sentences.Languages.Order())}.");
        var wording = Sentences.In(language ?? "en", TimeZoneInfo.Utc);
        return format == "csv"
            ? TypedResults.File(ListTemplate.ToCsv(wording), "text/csv; charset=utf-8", "manifest.csv")
            : TypedResults.File(
                await ListTemplate.ToWorkbookAsync(await names.ListAsync(known, cancellationToken), wording, cancellationToken),
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "manifest.xlsx");
    }

    /// <summary>
    /// Takes a part of a file: its name percent-encoded in <c>x-file</c>, the upload that it belongs to in <c>x-batch</c>, and which part
    /// of how many in <c>x-part</c> (<c>1/1</c>), each but the last of 1 MiB. <c>x-fields</c>, JSON and percent-encoded, says what the
    /// file is for where its name does not. None of it is in the address, since addresses are written down.
    /// </summary>
    [Function("UploadCertificate")]
    [RequiresRole(AccessRole.Operator, IsLogged = false)]
    [ProducesResponseType(StatusCodes.Status201Created, Description = "The file is there as a whole.")]
    [ProducesResponseType(StatusCodes.Status202Accepted, Description = "The part is there.")]
    public async Task<IResult> UploadAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/certificates/{site}/files")] HttpRequest request,
        string site,
        CancellationToken cancellationToken)
    {
        if (clients.Find(site) is not { } known)
            return Answers.Problem(HttpStatusCode.NotFound, clients.Unknown(site));
        if (!UploadStore.IsBatch(request.Headers["x-batch"]))
            return Answers.Problem(HttpStatusCode.BadRequest, "x-batch must be 1 to 40 lowercase letters, digits and hyphens.");
        if (Part(request.Headers["x-part"]) is not var (part, parts))
            return Answers.Problem(HttpStatusCode.BadRequest, "x-part must be a part of the parts that there are, such as 1/3.");
        var given = Uri.UnescapeDataString($"{request.Headers["x-file"]}");
        if (store.Clean(given) is not { } file)
            return Answers.Problem(HttpStatusCode.BadRequest, "x-file must be the name of a file of a type that is submitted.");
        if (!TryReadFields(request.Headers["x-fields"], out var fields))
            return Answers.Problem(HttpStatusCode.BadRequest, "x-fields must be JSON with what the file is for, such as an email.");
        if (!store.TryEnter())
        {
            request.HttpContext.Response.Headers.RetryAfter = "1";
            return Answers.Problem(HttpStatusCode.ServiceUnavailable, "Too many files are being uploaded at once. Try again in a moment.");
        }

        try
        {
            if (await ReadAsync(request.Body, UploadStore.PartSize, cancellationToken) is not { } body
                || store.IsTooLarge(part, body.Length))
                return Answers.Problem(
                    HttpStatusCode.RequestEntityTooLarge,
                    string.Create(CultureInfo.InvariantCulture, $"A file must have at most {store.MaxFileSize} bytes, and a part 1 MiB."));
            var upload = new Upload(known, $"{request.Headers["x-batch"]}", given, file, fields, Caller.Find(request)!.Name);
            return await store.PutAsync(upload, body, part, parts, cancellationToken) switch
            {
                UploadOutcome.Taken => TypedResults.StatusCode(StatusCodes.Status202Accepted),
                UploadOutcome.Done => TypedResults.StatusCode(StatusCodes.Status201Created),
                UploadOutcome.PartMissing => Answers.Problem(
                    HttpStatusCode.UnprocessableEntity, "A part of the file has not arrived. Upload the file again from its first part."),
                _ => Answers.Problem(HttpStatusCode.Conflict, "This upload has a file of this name already."),
            };
        }
        finally
        {
            store.Leave();
        }
    }

    private static (int Part, int Parts)? Part(string? text)
        => (text ?? "1/1").Split('/') is [var part, var parts]
            && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var which)
            && int.TryParse(parts, NumberStyles.None, CultureInfo.InvariantCulture, out var all)
            && which >= 1 && which <= all && all <= 200
            ? (which, all)
            : null;

    private static bool TryReadFields(string? header, out RawFields? fields)
    {
        fields = null;
        if (string.IsNullOrEmpty(header))
            return true;
        try
        {
            var said = MetadataReader.Parse("x-fields", System.Text.Encoding.UTF8.GetBytes(Uri.UnescapeDataString(header)));
            fields = said.Fields;
            return said.Problems.Count == 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The body, if it is no larger than that.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(Stream body, int most, CancellationToken cancellationToken)
    {
        using var read = new MemoryStream();
        var buffer = new byte[32 * 1024];
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (read.Length + count > most)
                return null;
            read.Write(buffer, 0, count);
        }

        return read.GetBuffer().AsMemory(0, (int)read.Length);
    }
}

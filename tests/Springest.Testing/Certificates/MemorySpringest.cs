using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Springest.Testing.Certificates;

/// <summary>
/// Springest's side of the histories: takes certificates, lists them if their certification is verified, and gets things wrong as
/// often as it is told to. Answers within the caller's own step, so that nothing depends on the machine.
/// </summary>
internal sealed class MemorySpringest(TimeProvider clock, Random random)
{
    private readonly List<Posted> _certificates = [];
    private readonly List<Underway> _underway = [];

    /// <summary>What it has.</summary>
    public IReadOnlyList<Posted> Certificates => _certificates;

    /// <summary>One answer in so many is a wrong one; 0 for none.</summary>
    public int Trouble { get; set; }

    /// <summary>Whether the list shows anything.</summary>
    public bool IsVerified { get; set; } = true;

    /// <summary>Whether the list says whose certificates they are.</summary>
    public bool NamesPeople { get; set; } = true;

    /// <summary>Whether the list shows everybody's certificates, whomever it is asked about.</summary>
    public bool IgnoresEmail { get; set; }

    /// <summary>The certifications that there are.</summary>
    public IReadOnlyList<long> Certifications { get; set; } = [3101];

    /// <summary>Whether nobody learns what became of a certificate that it was asked to take.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>How many certificates it was asked to take.</summary>
    public int Posts { get; private set; }

    /// <summary>What it answers to a certificate instead of taking it; null for taking it.</summary>
    public Func<Posted, HttpResponseMessage?>? Judge { get; set; }

    /// <summary>Carries a request out, or not, and answers or not.</summary>
    public async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var trouble = Trouble > 0 && random.Next(Trouble) == 0 ? random.Next(7) : -1;
        if (trouble == 0)
            throw new HttpRequestException("The connection was closed before the request was read.");
        // Its word that it let nobody in is taken for what it says.
        if (trouble == 1)
            return Text(HttpStatusCode.Unauthorized, """{"error":"Unauthorized"}""");
        if (trouble == 6)
            return Text(HttpStatusCode.Forbidden, """{"error":"Forbidden"}""");
        var answer = await CarryOutAsync(request, cancellationToken);
        if (LosesAnswers && request.Method == HttpMethod.Post)
            trouble = 2;
        return trouble switch
        {
            2 => throw new HttpRequestException("The connection was closed before the answer."),
            3 => Text(
                ((HttpStatusCode[])[HttpStatusCode.InternalServerError, HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable])[
                    random.Next(3)
                ],
                "<html>"),
            4 => Text(answer.StatusCode, """{"id": 4"""),
            5 when request.Method == HttpMethod.Post => Text(answer.StatusCode, "{}"),
            _ => answer,
        };
    }

    /// <summary>A request is on its way. If its sender gives it up, it may arrive all the same.</summary>
    public void Depart(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Post)
            _underway.Add(new Underway(request, random.Next(2) == 0, cancellationToken));
    }

    /// <summary>It is here, or will not come.</summary>
    public void Arrive(HttpRequestMessage request) => _underway.RemoveAll(each => each.Request == request);

    /// <summary>Time has passed: what was given up meanwhile has come in, or never will.</summary>
    public void Deliver()
    {
        foreach (var late in _underway.FindAll(each => each.Sender.IsCancellationRequested))
        {
            _underway.Remove(late);
            // Its bytes are on the disk, so that nobody else's turn is needed.
            if (late.Arrives)
                Add(ReadAsync(late.Request, CancellationToken.None).GetAwaiter().GetResult());
        }
    }

    private async Task<HttpResponseMessage> CarryOutAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Post)
        {
            Posts++;
            var posted = await ReadAsync(request, cancellationToken);
            return Judge?.Invoke(posted) ?? Text(HttpStatusCode.Created, $$"""{"id":{{Add(posted).Id}} }""");
        }

        var query = QueryHelpers.ParseQuery(request.RequestUri!.Query);
        if (request.RequestUri.AbsolutePath.EndsWith("/certifications.json", StringComparison.Ordinal))
            return List(
                "certifications",
                [
                    .. Certifications.Select(id => new JsonObject
                    {
                        ["id"] = id,
                        ["name"] = id == 3101 ? "Projectleider" : $"Certification {id}",
                        ["requires_valid_until"] = false,
                    }),
                ]);
        var from = query.TryGetValue("created_from", out var day)
            ? DateOnly.ParseExact(day!, "yyyy-MM-dd", CultureInfo.InvariantCulture)
            : default;
        var found = _certificates.Where(each =>
            IsVerified
            && (IgnoresEmail || !query.TryGetValue("email", out var email) || email == each.Fields["email"])
            && DateOnly.FromDateTime(each.Time.UtcDateTime) >= from);
        return List(
            "certificates",
            [
                .. found.Select(each => new JsonObject
                {
                    ["id"] = each.Id,
                    ["certification_id"] = long.Parse(each.Fields["certification_id"], CultureInfo.InvariantCulture),
                    ["valid_from"] = each.Fields["valid_from"],
                    ["status"] = "verified",
                    ["user"] = NamesPeople ? new JsonObject { ["email"] = each.Fields["email"] } : null,
                }),
            ]);
    }

    private Posted Add(Posted posted)
    {
        _certificates.Add(posted with { Id = 44001 + _certificates.Count, Time = clock.GetUtcNow() });
        return _certificates[^1];
    }

    private static async Task<Posted> ReadAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var fields = new Dictionary<string, string>();
        var hash = "";
        var body = new MemoryStream(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        var reader = new MultipartReader(
            request.Content.Headers.ContentType!.Parameters.Single(each => each.Name == "boundary").Value!,
            body);
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            var disposition = ContentDispositionHeaderValue.Parse(section.ContentDisposition!);
            if (disposition.IsFileDisposition())
                hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(section.Body, cancellationToken));
            else
                fields[HeaderUtilities.RemoveQuotes(disposition.Name).Value!] = await section.ReadAsStringAsync(cancellationToken);
        }

        return new Posted(0, default, fields, hash);
    }

    private static HttpResponseMessage List(string key, JsonObject[] items)
        => Text(
            HttpStatusCode.OK,
            new JsonObject
            {
                ["meta"] = new JsonObject { ["results"] = items.Length, ["offset"] = 0 },
                [key] = new JsonArray([.. items]),
            }.ToJsonString());

    public static HttpResponseMessage Text(HttpStatusCode status, string body)
        => new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    internal sealed record Posted(long Id, DateTimeOffset Time, IReadOnlyDictionary<string, string> Fields, string Sha256);

    private sealed record Underway(HttpRequestMessage Request, bool Arrives, CancellationToken Sender);
}

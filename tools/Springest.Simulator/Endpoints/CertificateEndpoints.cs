using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Springest.Simulator.Data;
using Springest.Simulator.Http;
using Springest.Simulator.Recording;

namespace Springest.Simulator.Endpoints;

/// <summary>
/// <c>GET /users/certificates</c>, <c>POST /certificates</c>, <c>POST /users/certificates</c> (docs/springest-api.md, section 8.12).
/// </summary>
internal static class CertificateEndpoints
{
    /// <summary>The certificates whose certification is verified.</summary>
    public static Reply List(Call call)
    {
        var (email, ids, from) = (call.Parameter("email"), call.Ids("certification_id"), call.From("created_from"));
        var found = call.Simulator.Certificates.Snapshot().Where(certificate =>
            call.Catalogue.Certifications.Find(certificate.CertificationId) is { Visible: true }
            && call.Key.MayUse(certificate.CertificationId)
            && (email is null || string.Equals(certificate.Fields["email"], email, StringComparison.OrdinalIgnoreCase))
            && (ids is null || ids.Contains(certificate.CertificationId))
            && (from is null || TimeStamp.LocalDay(certificate.Time) >= from));
        return ListReply.Page(call, "certificates", [.. found], (writer, certificate) => Write(writer, certificate, call));
    }

    public static async Task<Reply> CreateAsync(Call call)
    {
        var form = await CertificateForm.ReadAsync(call.Request, call.Behaviour.MaxCertificateSize, call.Context.RequestAborted);
        var faults = CertificateRules.Check(form, call);
        if (faults.Any)
            return call.Invalid(faults);
        if (!call.Key.MayUse(form.CertificationId))
            return Reply.Forbidden();
        var certificate = call.Simulator.Certificates.Add(id => new PostedCertificate
        {
            Id = id,
            Time = call.Now,
            Fields = form.Fields,
            FileName = form.File!.Name,
            ContentType = form.File.ContentType,
            Size = form.File.Size,
            Sha256 = form.File.Sha256,
        });
        return Reply.Ok(new JsonObject { ["id"] = certificate.Id }, 201);
    }

    private static void Write(Utf8JsonWriter writer, PostedCertificate certificate, Call call)
    {
        var certification = call.Catalogue.Certifications.Get(certificate.CertificationId)!;
        var (email, validUntil) = (certificate.Fields["email"], certificate.Fields.GetValueOrDefault("valid_until"));
        var record = new JsonObject
        {
            ["id"] = certificate.Id,
            ["certification_id"] = certificate.CertificationId,
            ["valid_from"] = certificate.Fields["valid_from"],
            ["valid_until"] = validUntil,
            ["status"] = IsPast(validUntil, call.Now) ? "expired" : "verified",
            ["created_at"] = TimeStamp.Format(certificate.Time),
        };
        if (call.Behaviour.CertificatesWithUser)
            AddUser(record, certification, email, call);
        record.WriteTo(writer);
    }

    private static void AddUser(JsonObject record, JsonObject certification, string email, Call call)
    {
        var user = call.Simulator.Users.Find("email", email);
        var externalId = user is null ? null : UserDirectory.Text(user, "external_id");
        record["user"] = new JsonObject { ["email"] = email, ["external_id"] = externalId };
        var described = record;
        if (call.Behaviour.NestedCertification)
            record["certification"] = described = [];
        described["name"] = certification["name"]?.DeepClone();
        described["description"] = certification["description"]?.DeepClone();
    }

    private static bool IsPast(string? day, DateTimeOffset now)
        => day is not null && DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) < TimeStamp.LocalDay(now);
}

using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary>What a posted certificate must be like (docs/springest-api.md, section 8.12).</summary>
internal static class CertificateRules
{
    public static FieldFaults Check(CertificateForm form, Call call)
    {
        var fields = new FieldRules(form.Fields.GetValueOrDefault);
        var certification = fields.RequiredId("certification_id");
        var record = certification is { } id ? call.Catalogue.Certifications.Get(id) : null;
        if (certification is not null && record is null)
            fields.Faults.Add("certification_id", "does not exist");
        fields.OptionalId("booking_id");
        fields.OptionalId("conversion_id");
        var email = fields.RequiredEmail("email");
        if (email is not null && !call.Simulator.Users.Knows(email, call.Behaviour))
            fields.Faults.Add("email", "does not exist");
        var from = fields.RequiredDate("valid_from");
        var requiresUntil = record?["requires_valid_until"]?.GetValue<bool>() == true;
        var until = requiresUntil ? fields.RequiredDate("valid_until") : fields.OptionalDate("valid_until");
        if (until < from)
            fields.Faults.Add("valid_until", "is before valid_from");
        CheckFile(form.File, fields.Faults);
        return fields.Faults;
    }

    private static void CheckFile(CertificateFile? file, FieldFaults faults)
    {
        if (file is null || file.Size == 0)
            faults.Add("file", "is required");
        else if (file.IsTooLarge)
            faults.Add("file", "is too large");
        else if (file.IsBase64)
            faults.Add("file", "should not be encoded in Base64");
    }
}

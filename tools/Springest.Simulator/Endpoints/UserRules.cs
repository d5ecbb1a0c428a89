using System.Text.Json.Nodes;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Data;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary>What a posted user must be like (docs/springest-api.md, section 8.14).</summary>
internal static class UserRules
{
    private static readonly string[] Dates = ["birthdate", "employment_start_date", "employment_end_date"];

    public static FieldFaults Check(JsonObject user, UserDirectory directory, Behaviour behaviour)
    {
        var fields = new FieldRules(user);
        CheckIdentity(user, fields, directory, behaviour.UserIdentity);
        if (fields.Optional("gender") is { } gender && !behaviour.Genders.Contains(gender))
            fields.Faults.Add("gender", "does not have a valid value");
        foreach (var date in Dates)
            fields.OptionalDate(date);
        fields.OptionalFlag("active");
        if (user["tags"] is not (null or JsonArray))
            fields.Faults.Add("tags", "should be a list");
        CheckApprovers(user["approvers"], fields.Faults, directory);
        return fields.Faults;
    }

    /// <summary>The user as it is stored: one word per gender, flags as such.</summary>
    public static JsonObject Normalize(JsonObject user)
    {
        var stored = user.DeepClone().AsObject();
        stored.Remove("id");
        if (UserDirectory.Text(stored, "gender") is { } gender)
            stored["gender"] = gender[..1];
        if (new FieldRules(stored).OptionalFlag("active") is { } active)
            stored["active"] = active;
        else
            stored.Remove("active");
        return stored;
    }

    private static void CheckIdentity(JsonObject user, FieldRules fields, UserDirectory directory, UserIdentity identity)
    {
        var known = directory.Match(user, identity);
        // Whoever is new, or known by address alone, needs an address; and nobody loses it.
        var needed = known is null || identity == UserIdentity.EmailOnly || user.ContainsKey("email");
        var email = needed ? fields.RequiredEmail("email") : null;
        var owner = email is null ? null : directory.Find("email", email);
        if (owner is not null && !JsonNode.DeepEquals(owner["id"], known?["id"]))
            fields.Faults.Add("email", "has already been taken");
    }

    private static void CheckApprovers(JsonNode? approvers, FieldFaults faults, UserDirectory directory)
    {
        if (approvers is null)
            return;
        if (approvers is not JsonArray list)
        {
            faults.Add("approvers", "should be a list");
            return;
        }

        foreach (var approver in list)
        {
            var fields = new FieldRules(approver as JsonObject ?? []);
            if (fields.Optional("email") is not { } email)
                faults.Add("approvers", "email is required");
            else if (!directory.IsActive(email))
                faults.Add("approvers", $"{email} does not exist");
            if (fields.Optional("label") is null)
                faults.Add("approvers", "label is required");
            if (fields.Optional("can_approve") is not (null or "true" or "false" or "1" or "0"))
                faults.Add("approvers", "can_approve should be a boolean");
        }
    }
}

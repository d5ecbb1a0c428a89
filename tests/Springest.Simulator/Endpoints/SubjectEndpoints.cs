using System.Text.Json;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary><c>GET /subjects</c> and <c>GET /subjects/:id</c> (contract, section 8.6).</summary>
internal static class SubjectEndpoints
{
    public static Reply List(Call call)
    {
        var subjects = call.Catalogue.Subjects.Snapshot();
        if (call.Ids("category_id") is { } categories)
            subjects = [.. subjects.Where(subject => categories.Contains(JsonDocument.Parse(subject.Json).RootElement.GetProperty("category_id").GetInt64()))];
        return ListReply.Page(call, "subjects", subjects);
    }

    public static Reply Show(Call call) => ListReply.Single(call, call.Catalogue.Subjects);
}

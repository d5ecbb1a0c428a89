using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary><c>GET /subjects</c> and <c>GET /subjects/:id</c> (docs/springest-api.md, section 8.6).</summary>
internal static class SubjectEndpoints
{
    public static Reply List(Call call)
    {
        var subjects = call.Catalogue.Subjects.Snapshot();
        if (call.Ids("category_id") is { } categories)
            subjects = [.. subjects.Where(subject => subject.Facets.CategoryId is { } category && categories.Contains(category))];
        return ListReply.Page(call, "subjects", subjects);
    }

    public static Reply Show(Call call) => ListReply.Single(call, call.Catalogue.Subjects);
}

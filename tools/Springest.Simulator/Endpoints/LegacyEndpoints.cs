using Springest.Simulator.Data;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary>Routes of 2012 that ask for records by their ids; off unless so set (docs/springest-api.md, section 8).</summary>
internal static class LegacyEndpoints
{
    /// <summary><c>GET /trainings/show?ids=1,2,3</c></summary>
    public static Reply Trainings(Call call)
        => ListReply.Page(call, "trainings", Chosen(call, call.Catalogue.Trainings), RecordShape.OfTraining(call, full: true).Write);

    /// <summary><c>GET /subjects/show?ids=1,2,3</c></summary>
    public static Reply Subjects(Call call) => ListReply.Page(call, "subjects", Chosen(call, call.Catalogue.Subjects));

    private static IReadOnlyList<Record> Chosen(Call call, RecordSet set)
    {
        var ids = call.Ids("ids") ?? throw new BadParameterException("ids", "is required");
        return [.. set.Snapshot().Where(record => ids.Contains(record.Id))];
    }
}

using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary><c>GET /trainings</c> and <c>GET /trainings/:id</c> (docs/springest-api.md, sections 8.1 and 8.2).</summary>
internal static class TrainingEndpoints
{
    public static Reply List(Call call)
        => ListReply.Page(call, "trainings", TrainingFilter.Apply(call), RecordShape.OfTraining(call, full: call.Flag("full")).Write);

    public static Reply Show(Call call) => ListReply.Single(call, call.Catalogue.Trainings, RecordShape.OfTraining(call, full: true));
}

using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary><c>GET /springsense</c>: trainings that fit a job title (docs/springest-api.md, section 8.10).</summary>
internal static class LearnMatchEndpoints
{
    public static Reply List(Call call)
    {
        var title = call.Parameter("job_title") ?? throw new BadParameterException("job_title", "is required");
        var trainings = TrainingSearch.Match(call.Catalogue.Trainings.Snapshot(), title);
        return ListReply.Page(call, "trainings", trainings, RecordShape.OfTraining(call, full: false).Write);
    }
}

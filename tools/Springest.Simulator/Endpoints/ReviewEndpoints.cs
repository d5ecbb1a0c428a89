using Springest.Simulator.Data;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary>Reviews of an institute, of a training, and all of them (docs/springest-api.md, section 8.7).</summary>
internal static class ReviewEndpoints
{
    /// <summary><c>GET /institutes/:id/reviews</c></summary>
    public static Reply OfInstitute(Call call)
        => IsVisible(call.Catalogue.Institutes, call.Id()) ? Page(call, review => review.InstituteId == call.Id()) : Reply.NotFound();

    /// <summary><c>GET /trainings/:id/reviews</c></summary>
    public static Reply OfTraining(Call call)
        => IsVisible(call.Catalogue.Trainings, call.Id()) ? Page(call, review => review.Facets.TrainingId == call.Id()) : Reply.NotFound();

    /// <summary><c>GET /reviews?institute_id=&amp;training_id=</c></summary>
    public static Reply List(Call call)
    {
        var (institutes, trainings) = (call.Ids("institute_id"), call.Ids("training_id"));
        return Page(call, review =>
            (institutes is null || (review.InstituteId is { } institute && institutes.Contains(institute)))
            && (trainings is null || (review.Facets.TrainingId is { } training && trainings.Contains(training))));
    }

    private static Reply Page(Call call, Func<Record, bool> wanted)
        => ListReply.Page(call, "reviews", [.. call.Catalogue.Reviews.Snapshot().Where(wanted)]);

    private static bool IsVisible(RecordSet set, long? id) => id is not null && set.Find(id.Value) is { Visible: true };
}

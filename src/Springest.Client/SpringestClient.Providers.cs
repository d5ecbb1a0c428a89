using Springest.Client.Http;
using Springest.Client.Json;

namespace Springest.Client;

public sealed partial class SpringestClient
{
    /// <summary>
    /// Adds a start to a training, <c>POST /trainings/:id/starting_dateplaces.json</c> (docs/springest-api.md, section 8.3).
    /// </summary>
    /// <returns>The start as stored; null if the API took it without showing it.</returns>
    /// <exception cref="SpringestException">400 with the faulty fields; 403 if the training is another's; 404.</exception>
    public Task<StartingDatePlace?> CreateStartingDatePlaceAsync(
        long trainingId, StartingDatePlaceUpload start, CancellationToken cancellationToken = default)
        => AskAsync(
            Write(HttpMethod.Post, $"trainings/{trainingId}/starting_dateplaces", start, UploadJson.Default.StartingDatePlaceUpload),
            ReadStart, cancellationToken);

    /// <summary>Changes what is set of a start, <c>PATCH /starting_dateplaces/:id.json</c> (docs/springest-api.md, section 8.3).</summary>
    /// <returns>The start as stored; null if the API took it without showing it.</returns>
    /// <exception cref="SpringestException">400 with the faulty fields; 403 if the training is another's; 404.</exception>
    public Task<StartingDatePlace?> UpdateStartingDatePlaceAsync(
        long id, StartingDatePlaceUpdate changes, CancellationToken cancellationToken = default)
        => AskAsync(
            Write(HttpMethod.Patch, $"starting_dateplaces/{id}", changes, UploadJson.Default.StartingDatePlaceUpdate),
            ReadStart, cancellationToken);

    /// <summary>Reviews of an institute, <c>GET /institutes/:id/reviews.json</c> (docs/springest-api.md, section 8.7).</summary>
    /// <param name="instituteId">The institute.</param>
    /// <param name="options">How the list is fetched.</param>
    public SpringestList<Review> ListInstituteReviews(long instituteId, ListOptions? options = null)
        => List(FormattableString.Invariant($"institutes/{instituteId}/reviews"), SpringestJson.Default.Review, review => review.Id, options);

    /// <summary>Reviews of a training, <c>GET /trainings/:id/reviews.json</c> (docs/springest-api.md, section 8.7).</summary>
    /// <param name="trainingId">The training.</param>
    /// <param name="options">How the list is fetched.</param>
    public SpringestList<Review> ListTrainingReviews(long trainingId, ListOptions? options = null)
        => List(FormattableString.Invariant($"trainings/{trainingId}/reviews"), SpringestJson.Default.Review, review => review.Id, options);

    /// <summary>Reviews, <c>GET /reviews.json</c> (docs/springest-api.md, section 8.7).</summary>
    /// <param name="filter">Which ones; null for all.</param>
    /// <param name="options">How the list is fetched.</param>
    public SpringestList<Review> ListReviews(ReviewFilter? filter = null, ListOptions? options = null)
        => List("reviews", SpringestJson.Default.Review, review => review.Id, options, new QueryString()
            .Add("institute_id", filter?.InstituteId)
            .Add("training_id", filter?.TrainingId));

    /// <summary>
    /// Makes a review form ready for one person, <c>POST /reviews/requests.json</c> (docs/springest-api.md, section 8.8).
    /// </summary>
    /// <exception cref="SpringestException">400 with the faulty fields, or if the training is not published.</exception>
    public Task<ReviewRequestLink> CreateReviewRequestAsync(ReviewRequestUpload request, CancellationToken cancellationToken = default)
        => AskAsync(
            Write(HttpMethod.Post, $"reviews/requests", new ReviewRequestBody(request), UploadJson.Default.ReviewRequestBody),
            (call, answer) => AnswerReader.ReadWhole(call, answer, SpringestJson.Default.ReviewRequestLink),
            cancellationToken);

    private static StartingDatePlace? ReadStart(SpringestCall call, Answer answer)
        => AnswerReader.ReadWritten(call, answer, "starting_dateplaces", SpringestJson.Default.StartingDatePlace, start => start.Id);
}

using Springest.Client.Http;
using Springest.Client.Json;
using Springest.Client.Reading;

namespace Springest.Client;

public partial class SpringestClient
{
    private static readonly string[] s_starts = ["starting_dateplace", "starting_dateplaces"];

    /// <summary>
    /// Adds a start to a training, <c>POST /trainings/:id/starting_dateplaces.json</c> (docs/springest-api.md, section 8.3).
    /// </summary>
    /// <returns>The start as stored; null if the API took it without showing it.</returns>
    /// <exception cref="SpringestException">400 with the faulty fields; 403 if the training is another's; 404.</exception>
    public virtual Task<StartingDatePlace?> CreateStartingDatePlaceAsync(
        long trainingId, StartingDatePlaceRequest start, CancellationToken cancellationToken = default)
        => WriteAsync(
            Write(HttpMethod.Post, $"trainings/{trainingId}/starting_dateplaces", start, RequestJson.Default.StartingDatePlaceRequest),
            s_starts, ReadStart, cancellationToken);

    /// <summary>Changes what is set of a start, <c>PATCH /starting_dateplaces/:id.json</c> (docs/springest-api.md, section 8.3).</summary>
    /// <returns>The start as stored; null if the API took it without showing it.</returns>
    /// <exception cref="SpringestException">400 with the faulty fields; 403 if the training is another's; 404.</exception>
    public virtual Task<StartingDatePlace?> UpdateStartingDatePlaceAsync(
        long id, StartingDatePlaceUpdateRequest changes, CancellationToken cancellationToken = default)
        => WriteAsync(
            Write(HttpMethod.Patch, $"starting_dateplaces/{id}", changes, RequestJson.Default.StartingDatePlaceUpdateRequest),
            s_starts, ReadStart, cancellationToken);

    /// <summary>Reviews of an institute, <c>GET /institutes/:id/reviews.json</c> (docs/springest-api.md, section 8.7).</summary>
    /// <param name="instituteId">The institute.</param>
    /// <param name="options">How the list is fetched.</param>
    public virtual SpringestList<Review> ListInstituteReviews(long instituteId, ListOptions? options = null)
        => List(FormattableString.Invariant($"institutes/{instituteId}/reviews"), SpringestJson.Default.Review, review => review.Id,
            options);

    /// <summary>Reviews of a training, <c>GET /trainings/:id/reviews.json</c> (docs/springest-api.md, section 8.7).</summary>
    /// <param name="trainingId">The training.</param>
    /// <param name="options">How the list is fetched.</param>
    public virtual SpringestList<Review> ListTrainingReviews(long trainingId, ListOptions? options = null)
        => List(FormattableString.Invariant($"trainings/{trainingId}/reviews"), SpringestJson.Default.Review, review => review.Id, options);

    /// <summary>Reviews, <c>GET /reviews.json</c> (docs/springest-api.md, section 8.7).</summary>
    /// <param name="filter">Which ones; null for all.</param>
    /// <param name="options">How the list is fetched.</param>
    public virtual SpringestList<Review> ListReviews(ReviewFilter? filter = null, ListOptions? options = null)
        => List("reviews", SpringestJson.Default.Review, review => review.Id, options, new QueryString()
            .Add("institute_id", filter?.InstituteId)
            .Add("training_id", filter?.TrainingId));

    /// <summary>
    /// Makes a review form ready for one person, <c>POST /reviews/requests.json</c> (docs/springest-api.md, section 8.8).
    /// </summary>
    /// <returns>The form; without address if the API made it without saying where.</returns>
    /// <exception cref="SpringestException">400 with the faulty fields, or if the training is not published.</exception>
    public virtual Task<ReviewRequestLink> CreateReviewRequestAsync(ReviewFormRequest request,
        CancellationToken cancellationToken = default)
        => WriteAsync(
            Write(HttpMethod.Post, $"reviews/requests", new ReviewRequestBody(request), RequestJson.Default.ReviewRequestBody),
            ["request", "requests"], written => First<ReviewRequestLink>(written) ?? new ReviewRequestLink(),
            cancellationToken, mark: "url");

    private static StartingDatePlace? ReadStart(WriteAnswer written) => First<StartingDatePlace>(written);
}

using System.Diagnostics.CodeAnalysis;
using Springest.Client.Http;
using Springest.Client.Http.Bodies;
using Springest.Client.Json;

namespace Springest.Client;

public partial class SpringestClient
{
    private static readonly string[] s_users = ["user", "users"];
    private static readonly string[] s_bookings = ["booking", "bookings", "conversion", "conversions"];

    /// <summary>Creates or changes a user, <c>POST /users.json</c> (docs/springest-api.md, section 8.14).</summary>
    /// <returns>The user's number; null if the API took it without saying one.</returns>
    /// <exception cref="SpringestException">400 with the faulty fields.</exception>
    public virtual Task<long?> SaveUserAsync(UserRequest user, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        var upload = InSiteWords(user);
        var request = Connection.Options.WrapUsers
            ? Write(HttpMethod.Post, $"users", new UsersBody([upload]), RequestJson.Default.UsersBody)
            : Write(HttpMethod.Post, $"users", upload, RequestJson.Default.UserRequest);
        return WriteAsync(request, s_users, FirstId, cancellationToken);
    }

    /// <summary>
    /// Creates or changes several users at once, all or none, <c>POST /users.json</c> (docs/springest-api.md, section 8.14).
    /// </summary>
    /// <returns>The users' numbers in the same order, as far as the API says them.</returns>
    /// <exception cref="InvalidOperationException"><see cref="SpringestSiteOptions.WrapUsers"/> is off: the site takes one at a
    /// time.</exception>
    /// <exception cref="SpringestException">400 with the faulty fields.</exception>
    public virtual Task<IReadOnlyList<long>> SaveUsersAsync(IEnumerable<UserRequest> users, CancellationToken cancellationToken = default)
    {
        if (!Connection.Options.WrapUsers)
            throw new InvalidOperationException($"Site '{Site}' takes one user at a time (WrapUsers is off).");
        var body = new UsersBody([.. users.Select(InSiteWords)]);
        return WriteAsync(
            Write(HttpMethod.Post, $"users", body, RequestJson.Default.UsersBody), s_users, written => written.Ids, cancellationToken);
    }

    /// <summary>
    /// Books a training, <c>POST /trainings/:id/bookings.json</c> (docs/springest-api.md, section 8.15). Springest mails confirmations: it
    /// is sent once.
    /// </summary>
    /// <returns>The number of the booking, which cancelling needs; null if the API took it without saying one.</returns>
    /// <exception cref="SpringestException">400 with the faulty fields, or <c>conversion_type</c> if the training cannot be booked; 403;
    /// 404.</exception>
    public virtual Task<long?> CreateBookingAsync(long trainingId, BookingRequest booking, CancellationToken cancellationToken = default)
        => WriteAsync(
            Write(HttpMethod.Post, $"trainings/{trainingId}/bookings", booking, RequestJson.Default.BookingRequest), s_bookings, FirstId,
                cancellationToken);

    /// <summary>Bookings, <c>GET /bookings.json</c> (docs/springest-api.md, section 8.16). On Go sites.</summary>
    /// <param name="filter">Which ones; null for all.</param>
    /// <param name="options">How the list is fetched.</param>
    public virtual SpringestList<Booking> ListBookings(BookingFilter? filter = null, ListOptions? options = null)
        => List("bookings", SpringestJson.Default.Booking, booking => booking.Id, options, new QueryString()
            .Add("created_at", filter?.CreatedAt)
            .Add("updated_at", filter?.UpdatedAt)
            .Add("external_id", filter?.ExternalId)
            .Add("status", filter?.Status?.Value)
            .Add("participation_status", filter?.ParticipationStatus?.Value));

    /// <summary>One booking, <c>GET /bookings/:id.json</c> (docs/springest-api.md, section 8.16). On Go sites.</summary>
    /// <exception cref="SpringestException">404 if there is no such booking, or it is another's.</exception>
    public virtual Task<Booking> GetBookingAsync(long id, CancellationToken cancellationToken = default)
        => GetAsync($"bookings/{id}", SpringestJson.Default.Booking, booking => booking.Id, cancellationToken);

    /// <summary>
    /// Cancels a booking made with the same key, <c>POST /trainings/:training_id/bookings/:id/cancel.json</c>
    /// (docs/springest-api.md, section 8.17). The provider's terms still apply.
    /// </summary>
    /// <exception cref="SpringestException">404 if there is no such booking, or it is another's.</exception>
    public virtual Task CancelBookingAsync(long trainingId, long bookingId, CancellationToken cancellationToken = default)
    {
        var request = new SpringestRequest(HttpMethod.Post,
            FormattableString.Invariant($"trainings/{trainingId}/bookings/{bookingId}/cancel"))
        {
            Content = JsonBody.Empty,
        };
        return WriteAsync(request, s_bookings, FirstId, cancellationToken, isSilent: true);
    }

    /// <summary>Bookings and requests for information, <c>GET /conversions.json</c> (docs/springest-api.md, section 8.9).</summary>
    /// <param name="filter">Which ones; null for all.</param>
    /// <param name="options">How the list is fetched.</param>
    [Experimental("SPRINGEST0001")]
    public virtual SpringestList<Conversion> ListConversions(ConversionFilter? filter = null, ListOptions? options = null)
        => List("conversions", SpringestJson.Default.Conversion, conversion => conversion.Id, options, new QueryString()
            .Add("created_from", filter?.CreatedFrom)
            .Add("type", filter?.Type?.Value)
            .Add("training_id", filter?.TrainingId)
            .Add("institute_id", filter?.InstituteId));

    /// <summary>One conversion, <c>GET /conversions/:id.json</c> (docs/springest-api.md, section 8.9).</summary>
    /// <exception cref="SpringestException">404 if there is no such conversion, or the site has none.</exception>
    [Experimental("SPRINGEST0001")]
    public virtual Task<Conversion> GetConversionAsync(long id, CancellationToken cancellationToken = default)
        => GetAsync($"conversions/{id}", SpringestJson.Default.Conversion, conversion => conversion.Id, cancellationToken);

    private UserRequest InSiteWords(UserRequest user) => !Connection.Options.LongGenders ? user : user with
    {
        Gender = user.Gender is { IsSet: true, Value: { } gender }
            ? gender == Gender.Male ? new Gender("male") : gender == Gender.Female ? new Gender("female") : gender
            : user.Gender,
    };
}

using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Access;
using Springest.Functions.Http;
using Springest.Functions.Text;

namespace Springest.Functions.Privacy;

/// <summary>
/// What people have a right to: to learn what is held about them, and to have it removed. Addresses and names stand in bodies only, since
/// the addresses of requests are written down.
/// </summary>
public sealed class PeopleFunctions(Erasures erasures, TimeProvider clock)
{
    // Some time before the platform's front end gives up waiting.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(150);

    // More than anybody chooses by hand, and what a column of the erasure's row can hold.
    private const int MostRecords = 25;
    private const int LongestRecords = 32_000;

    // The longest that an address can be.
    private const int LongestAddress = 320;

    /// <summary>
    /// Lists what is held about somebody: <c>{ "email": "jo@example.org" }</c>, or <c>{ "name": "Jo Jansen" }</c>. Bodies of webhooks and
    /// contents of documents are not searched.
    /// </summary>
    [Function("FindPerson")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType<PersonFound>(StatusCodes.Status200OK)]
    public async Task<IResult> FindAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/people/find")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var person = await ReadAsync(request, cancellationToken) switch
        {
            { Email: { } email, Name: null, Records: null } when IsAddress(email) => PersonText.OfEmail(email),
            { Email: null, Name: { Length: >= 3 } name, Records: null } => PersonText.OfName(name),
            _ => null,
        };
        if (person is null)
            return Bad(
                "The body must be JSON with an address, such as { \"email\": \"jo@example.org\" }, or a name of three letters or more.");
        using var time = new CancellationTokenSource(_patience, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        var (found, isComplete, unsearched) = (new List<RecordFound>(), true, 0);
        try
        {
            await foreach (var record in erasures.FindAsync(person, limit.Token))
            {
                found.Add(new RecordFound(record.Name.ToString(), record.Name.Kind, record.What, record.IsCertain));
                unsearched += record.IsSearched ? 0 : 1;
            }
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested)
        {
            isComplete = false;
        }

        var notSearched = erasures.ListRemaining(clock.GetUtcNow(), unsearched).Where(each => !each.IsSearched);
        return Answers.Json(new PersonFound(found, isComplete, [.. notSearched]), PrivacyJson.Default);
    }

    /// <summary>
    /// Removes what is held about somebody: <c>{ "email": "jo@example.org" }</c>, or <c>{ "records": ["review:nl/77"] }</c> as
    /// <c>find</c> lists them. Answers 200 when nothing is left, and 202 while something is still being worked on: then it goes on by
    /// itself.
    /// </summary>
    [Function("ForgetPerson")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType<ErasureReport>(StatusCodes.Status200OK)]
    [ProducesResponseType<ErasureReport>(StatusCodes.Status202Accepted)]
    public async Task<IResult> ForgetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "manage/people/forget")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var wanted = await ReadAsync(request, cancellationToken);
        if (wanted is not ({ Email: not null, Name: null, Records: null } or { Email: null, Name: null, Records.Count: > 0 })
            || (wanted.Email is { } address && !IsAddress(address)))
            return Bad(
                "The body must be JSON with an address, such as { \"email\": \"jo@example.org\" }, or with records as POST "
                    + "manage/people/find lists them, such as { \"records\": [\"review:nl/77\"] }. A name is no proof of who is meant.");
        if (wanted.Records?.Count > MostRecords || JsonSerializer.Serialize(wanted.Records).Length > LongestRecords)
            return Bad(
                $"At most {MostRecords} records, of {LongestRecords} letters together, can be named at once. Name the others after that.");
        if (wanted.Records?.Select(record => record ?? "null").FirstOrDefault(record => RecordName.Parse(record) is null) is { } wrong)
            return Bad($"'{wrong}' is no record. POST manage/people/find lists them, such as review:nl/77.");
        var erasure = await erasures.OrderAsync(wanted.Email, wanted.Records ?? [], Caller.Find(request)?.ToString(), cancellationToken);
        using var time = new CancellationTokenSource(_patience, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            await erasures.RunAsync(erasure, limit.Token);
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested)
        {
            // The timer goes on.
        }

        return Answer(erasure);
    }

    /// <summary>How far an erasure is.</summary>
    [Function("GetErasure")]
    [RequiresRole(AccessRole.Operator)]
    [ProducesResponseType<ErasureReport>(StatusCodes.Status200OK)]
    [ProducesResponseType<ErasureReport>(StatusCodes.Status202Accepted)]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "manage/people/erasures/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
        => await erasures.FindAsync(id, cancellationToken) is { } erasure ? Answer(erasure)
            : Answers.Problem(HttpStatusCode.NotFound, $"There is no erasure '{id}'.");

    private static async Task<PeopleRequest?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
        => await JsonBody.ReadAsync(request, PrivacyJson.Default.PeopleRequest, cancellationToken) is { } said
            ? said with { Email = Trim(said.Email), Name = Trim(said.Name) } : null;

    private static string? Trim(string? text) => text is null ? null : NormalizedText.Trim(text);

    private static bool IsAddress(string email)
        => email.Length <= LongestAddress && email.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < email.Length - 1;

    private static ProblemHttpResult Bad(string sentence) => Answers.Problem(HttpStatusCode.BadRequest, sentence);

    private IResult Answer(ErasureEntity erasure)
    {
        var report = new ErasureReport(
            erasure.RowKey, erasure.Requested, erasure.By, erasure.Done, erasure.ReadRemoved(), erasure.Waiting,
            erasures.ListRemaining(erasure.Done ?? clock.GetUtcNow(), erasure.Unsearched));
        return erasure.Done is null
            ? TypedResults.Json(
                report, PrivacyJson.Default.ErasureReport, "application/json; charset=utf-8", StatusCodes.Status202Accepted)
            : Answers.Json(report, PrivacyJson.Default);
    }
}

using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Springest.Functions.Http;

/// <summary>What callers are answered: JSON, or a problem (RFC 9457) whose detail says what was wrong and what would be right.</summary>
internal static class Answers
{
    /// <summary>Written before anything is sent, so that the answer has a length, and a failure is still a 500.</summary>
    public static FileContentHttpResult Json<T>(T content, JsonSerializerContext context)
        => Json(JsonSerializer.SerializeToUtf8Bytes(content, typeof(T), context));

    /// <param name="json">In UTF-8.</param>
    /// <param name="etag">Whoever has this one already is answered 304.</param>
    public static FileContentHttpResult Json(byte[] json, string? etag = null)
        => TypedResults.Bytes(json, "application/json; charset=utf-8", entityTag: etag is null ? null : new EntityTagHeaderValue(etag));

    public static ProblemHttpResult Problem(HttpStatusCode status, string detail)
        => TypedResults.Problem(detail, statusCode: (int)status, title: ReasonPhrases.GetReasonPhrase((int)status), type: "about:blank");
}

using System.Globalization;
using System.Net;
using System.Text.Json;
using Springest.Client;

namespace Springest.Tools.Check;

/// <summary>Compares the API's answers with what docs/springest-api.md infers.</summary>
internal sealed class ApiChecks(ApiReader api, CancellationToken cancellationToken)
{
    private const string ReadBoth = "none: the client reads both";
    private const string NotUsed = "none: the client does not rely on it";
    private const string TellUs = "none: tell the maintainers";

    /// <summary>What only a write would show, with its section of docs/springest-api.md.</summary>
    public static readonly IReadOnlyList<string> NotAsked =
    [
        "changing date and place of a start (8.3)", "the largest certificate file (8.12)", "certificates for unknown users (8.12)",
        "how users are matched (8.14)", "the status of an update of a user (8.14)", "words for a gender (10)",
        "fields that a booking requires (8.15)", "the answer to a cancellation, and to a second one (8.17)",
    ];

    public List<Finding> Findings { get; } = [];

    public async Task RunAsync()
    {
        var full = await GetAsync("trainings.json?full=true&size=30");
        if (!full.IsOk || full.Items("trainings") is not { Count: > 0 } trainings)
            throw new UserErrorException(
                $"{full.Request} is {(int)full.Status} and lists no trainings ({ApiAnswer.Shape(full.Json)}): there is nothing to compare."
            );
        Envelope("trainings", full, "results");
        Records(full, trainings);
        await PagingAsync(full, trainings);
        await ListAsync(trainings);
        await SingleAsync(trainings[0]);
        await ErrorsAsync();
        await FormatsAsync();
        await OtherListsAsync();
        await CertificatesAsync();
        Headers();
    }

    private Task<ApiAnswer> GetAsync(string path, SpringestKey? key = SpringestKey.General) => api.GetAsync(path, key, cancellationToken);

    /// <param name="topic">What is compared.</param>
    /// <param name="section">Where docs/springest-api.md says it.</param>
    /// <param name="inferred">What it says there.</param>
    /// <param name="found">What the API does.</param>
    /// <param name="setting">What to change if that differs.</param>
    /// <param name="holds">Whether it holds, if not only where both are the same.</param>
    private void Note(string topic, string section, string inferred, string found, string setting, bool? holds = null)
        => Findings.Add(new Finding(topic, section, inferred, found, holds ?? found == inferred, setting));

    private void Envelope(string list, ApiAnswer answer, string total)
    {
        var found = answer.Json.ValueKind == JsonValueKind.Array ? "a bare array"
            : answer.Meta.ValueKind == JsonValueKind.Undefined ? "no meta"
            : answer.Total("results") is not null ? "meta.results"
            : answer.Total("count") is not null ? "meta.count"
            : $"meta {ApiAnswer.Shape(answer.Meta)}";
        Note($"envelope of {list}", "4", $"meta.{total}", found, ReadBoth);
    }

    private void Records(ApiAnswer full, IReadOnlyList<JsonElement> trainings)
    {
        Note("ids", "3.2", "number", Kinds(trainings, "id"), ReadBoth);
        var prices = Kinds(trainings, "price");
        Note("price", "10", "string", prices, ReadBoth, prices is "string" or "");
        var counts = new[] { "count", "reviews" }.Where(name => Kinds(trainings, name).Length > 0);
        Note("number of reviews", "10", "count", string.Join(" and ", counts), ReadBoth);
        var modified = trainings.Select(training => ApiAnswer.Field(training, "modified"))
            .Where(value => value.ValueKind == JsonValueKind.String);
        Note("modified", "3.2", "moments", modified.All(value => Time(value) is not null) ? "moments" : "something else", TellUs);
        var ids = trainings.Select(IdOf).ToList();
        Note("order", "4.1", "ascending ids", ids.SequenceEqual(ids.Order()) ? "ascending ids" : "another", NotUsed);
        Note("content type of JSON", "3", "application/json; charset=utf-8", full.ContentType, NotUsed);
    }

    private async Task PagingAsync(ApiAnswer full, IReadOnlyList<JsonElement> trainings)
    {
        var second = await GetAsync("trainings.json?full=true&size=1&offset=1");
        var countsItems = trainings.Count < 2 || (second.Items("trainings") is [var one] && IdOf(one) == IdOf(trainings[1]));
        Note("offset", "4.1", "counts items", countsItems ? "counts items" : "something else", $"{TellUs}, lists cannot be read");
        var large = await GetAsync("trainings.json?size=100");
        var count = large.Items("trainings").Count;
        Note("size above 30", "4.1", "at most 30 items", !large.IsOk ? $"{(int)large.Status}" : count <= 30 ? "at most 30 items"
            : $"{count} items", NotUsed);
        if (full.Total("results") is not { } total)
            return;
        var past = await GetAsync($"trainings.json?size=30&offset={total + 1000}");
        var found =
            $"{(int)past.Status}, {past.Items("trainings").Count} items, {(past.Total("results") == total ? "the same" : "another")} total";
        Note("offset past the end", "4.1", "200, 0 items, the same total", found, NotUsed);
    }

    private async Task ListAsync(IReadOnlyList<JsonElement> trainings)
    {
        var items = (await GetAsync("trainings.json?size=30")).Items("trainings");
        var lengths = items.Select(item => SpringestValue.ReadText(ApiAnswer.Field(item, "description")) ?? "")
            .Where(text => text.EndsWith("...", StringComparison.Ordinal)).Select(text => text.Length - 3);
        var cut = lengths.DefaultIfEmpty(0).Max();
        Note("length of descriptions in lists", "8.1", "about 700", $"about {cut}", "none: lists with full=true have all of them",
            cut is >= 600 and <= 800);
        var omitted = Names(trainings).Except(Names(items)).Order();
        Note(
            "fields in full lists only", "8.1", "additional_costs, associations, starting_dateplaces", string.Join(", ", omitted),
            "none: full=true is asked for");
        var subjects = await GetAsync("trainings.json?size=1&subject_id=1,2");
        Note("several ids in one parameter", "8.1", "200", $"{(int)subjects.Status}", NotUsed);

        if (trainings.Select(item => Time(ApiAnswer.Field(item, "modified"))).Max() is not { } latest)
            return;
        var day = Day(latest);
        var since = await GetAsync($"trainings.json?full=true&size=30&modified_from={day}");
        var includes = since.Items("trainings").Any(item => Time(ApiAnswer.Field(item, "modified")) is { } time && Day(time) == day);
        Note("modified_from", "8.1", "includes the day", includes ? "includes the day"
            : "leaves the day out", $"{TellUs}, the mirror must ask for a day more");
        Note("meta.filters", "4", "[]", ApiAnswer.Shape(ApiAnswer.Field(since.Meta, "filters")), NotUsed);
    }

    private async Task SingleAsync(JsonElement training)
    {
        var single = await GetAsync($"trainings/{IdOf(training)}.json");
        var isList = single.Items("trainings").Count == 1 && single.Json.ValueKind == JsonValueKind.Object;
        Note("envelope of a single record", "4", "a list of one", isList ? "a list of one" : ApiAnswer.Shape(single.Json, 1), ReadBoth);
        var missing = await GetAsync("trainings/999999999999.json");
        var body = missing.Text.Length == 0 ? "no body" : ApiAnswer.Shape(missing.Json);
        var setting = missing.Status == HttpStatusCode.NotFound ? "none: the client reads any body" : $"{TellUs}, deletes cannot be seen";
        Note("404", "6", "404, {error: string}", $"{(int)missing.Status}, {body}", setting);
    }

    private async Task ErrorsAsync()
    {
        var invalid = await GetAsync("trainings.json?size=x");
        Note("fault of a parameter", "6", "400, {error: {size: [string x 1]}}", $"{(int)invalid.Status}, {ApiAnswer.Shape(invalid.Json)}",
            ReadBoth);
        var keyless = await GetAsync("trainings.json?size=1", key: null);
        Note("request without a key", "2", "401", $"{(int)keyless.Status}", NotUsed);
        var notAllowed = await GetAsync("certificates.json");
        var text = ApiAnswer.Field(notAllowed.Json, "error") is { ValueKind: JsonValueKind.String } error ? error.GetString() : "";
        Note("method that a path does not have", "10", "405, Method not allowed", $"{(int)notAllowed.Status}, {Known(text)}", NotUsed);

        // Any other text might name somebody.
        static string Known(string? text) => text is "Method not allowed" or "Forbidden" ? text : "something else";
    }

    private async Task FormatsAsync()
    {
        var plain = await GetAsync("trainings?size=1");
        Note("path without extension", "3", "JSON", plain.IsOk ? "JSON" : $"{(int)plain.Status}", NotUsed);
        var old = await GetAsync("trainings/list.json?size=1");
        Note("routes of 2012", "8", "404", $"{(int)old.Status}", NotUsed);
        var xml = await GetAsync("trainings.xml?size=1");
        Note("XML", "3", "200", $"{(int)xml.Status}", "Format must be Json");
        if (!xml.IsOk)
            return;
        Note("content type of XML", "3", "application/xml; charset=utf-8", xml.ContentType, NotUsed);
        var error = (await GetAsync("trainings/999999999999.xml")).Text;
        var root = new[] { "hash", "response", "error" }.FirstOrDefault(name => error.Contains($"<{name}", StringComparison.Ordinal));
        Note("root of an error in XML", "6", "error", root ?? "none", ReadBoth);
    }

    private async Task OtherListsAsync()
    {
        foreach (var list in new[] { "institutes", "categories", "subjects", "reviews", "conversions", "bookings" })
        {
            var answer = await GetAsync($"{list}.json?size=1{(list == "categories" ? "&version=2" : "")}");
            if (answer.IsOk)
                Envelope(list, answer, list == "categories" ? "count" : "results");
            else
                Note($"list of {list}", "8", "200, or 403 for this key", $"{(int)answer.Status}", "none: it is not there",
                    answer.Status == HttpStatusCode.Forbidden);
            if (list == "bookings" && answer.Items(list) is [var booking, ..] && Time(ApiAnswer.Field(booking, "created_at")) is { } made)
                await BookingDatesAsync(booking, made);
        }

        var completions = await GetAsync("autocomplete/a.json");
        var groups = ApiAnswer.Field(completions.Json, "results") is { ValueKind: JsonValueKind.Object } results
            ? string.Join(", ", Names([results]).Order()) : "";
        var setting = completions.IsOk ? "none: the client reads any group" : NotUsed;
        Note("autocomplete", "8.11", "subjects", completions.IsOk ? groups : $"{(int)completions.Status}", setting);
    }

    private async Task BookingDatesAsync(JsonElement booking, DateTimeOffset made)
    {
        var before = await GetAsync($"bookings.json?created_at={Day(made.AddDays(-1))}");
        var isSince = before.Items("bookings").Any(one => IdOf(one) == IdOf(booking));
        Note("created_at of bookings", "8.16", "on that day", isSince ? "since that day"
            : "on that day", "none: BookingFilter.CreatedAt means since");
    }

    private async Task CertificatesAsync()
    {
        foreach (var (path, list) in new[] { ("certifications", "certifications"), ("users/certificates", "certificates") })
        {
            var answer = await GetAsync($"{path}.json?size=1", SpringestKey.Certifications);
            if (answer.IsOk)
                Envelope(list, answer, "results");
            else
                Note($"list of {list}", "8.12", "200", $"{(int)answer.Status}", "CertificationsApiKey must be a key that may read it");
            if (list == "certificates" && answer.Items(list) is [var certificate, ..])
                Certificate(certificate);
        }
    }

    private void Certificate(JsonElement certificate)
    {
        var fields = Names([certificate]).ToHashSet();
        Note(
            "user of a certificate", "8.12", "there", fields.Contains("user") ? "there" : "missing",
            "none: a certificate in doubt cannot be told from another person's");
        Note("name of a certificate", "8.12", "its own field", fields.Contains("certification") ? "in certification"
            : "its own field", ReadBoth);
    }

    private void Headers()
    {
        var limits = api.Answers.SelectMany(answer => answer.Headers).Distinct()
            .Where(name => name.Contains("rate", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Retry-After", StringComparison.OrdinalIgnoreCase));
        Note("rate limit headers", "5", "", string.Join(", ", limits), $"{TellUs}, their form");
    }

    private static string Kinds(IEnumerable<JsonElement> records, string field) => string.Join(" and ", records
        .Select(record => ApiAnswer.Field(record, field).ValueKind)
            .Where(kind => kind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        .Distinct().Select(kind => $"{kind}".ToLowerInvariant()));

    private static IEnumerable<string> Names(IEnumerable<JsonElement> records)
        => records.SelectMany(record => record.EnumerateObject()).Select(field => field.Name).Distinct();

    private static long IdOf(JsonElement record) => SpringestValue.Read<long>(ApiAnswer.Field(record, "id")) ?? 0;

    private static DateTimeOffset? Time(JsonElement value)
        => value.ValueKind == JsonValueKind.Undefined ? null : SpringestValue.Read<DateTimeOffset>(value);

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

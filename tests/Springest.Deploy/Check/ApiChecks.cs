using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Springest.Deploy.Check;

/// <summary>Compares the API's answers with what docs/springest-api.md infers.</summary>
internal sealed class ApiChecks(ApiReader api, CancellationToken cancellationToken)
{
    private const string ReadBoth = "none: the client reads both";

    public List<Finding> Findings { get; } = [];

    public async Task RunAsync()
    {
        var full = await api.GetAsync("trainings.json?full=true&size=30", cancellationToken);
        if (!full.IsOk || full.Items("trainings") is not { Count: > 0 } trainings)
            throw new Stop($"{full.Request} is {(int)full.Status} and lists no trainings ({ApiAnswer.Shape(full.Json)}): there is nothing to compare.");
        Envelope("trainings", full);
        Records(full, trainings);
        await PagingAsync(full, trainings);
        await ListAsync(full, trainings);
        await FormatsAsync(trainings[0]);
        await OtherListsAsync();
        await CertificatesAsync();
        Headers();
    }

    private void Note(string topic, string section, string inferred, string found, bool holds, string setting)
        => Findings.Add(new Finding(topic, section, inferred, found, holds, setting));

    private void Envelope(string list, ApiAnswer answer, string total = "results")
    {
        var shape = answer.Json.ValueKind == JsonValueKind.Array ? "a bare array"
            : answer.Meta.ValueKind == JsonValueKind.Undefined ? "no meta"
            : answer.Total("results") is not null ? "meta.results"
            : answer.Total("count") is not null ? "meta.count"
            : $"meta {ApiAnswer.Shape(answer.Meta)}";
        Note($"envelope of {list}", "4", $"meta.{total}, list under '{list}'", shape, shape == $"meta.{total}", ReadBoth);
        var filters = ApiAnswer.Field(answer.Meta, "filters");
        if (list == "trainings")
            Note("meta.filters", "4", "empty", ApiAnswer.Shape(filters), filters.ValueKind != JsonValueKind.Array || filters.GetArrayLength() == 0, "none: it is not read");
    }

    private void Records(ApiAnswer full, IReadOnlyList<JsonElement> trainings)
    {
        var id = ApiAnswer.Field(trainings[0], "id").ValueKind;
        Note("ids", "3.2", "number", $"{id}".ToLowerInvariant(), id == JsonValueKind.Number, ReadBoth);
        var prices = trainings.Select(training => ApiAnswer.Field(training, "price").ValueKind).Where(kind => kind is JsonValueKind.Number or JsonValueKind.String).Distinct().ToList();
        Note("price", "10", "string", string.Join(" and ", prices).ToLowerInvariant(), prices is [] or [JsonValueKind.String], ReadBoth);
        var counts = new[] { "count", "reviews" }.Where(name => trainings.Any(training => ApiAnswer.Field(training, name).ValueKind != JsonValueKind.Undefined)).ToList();
        Note("number of reviews", "10", "count", string.Join(" and ", counts), counts is ["count"], ReadBoth);
        var modified = ApiAnswer.Field(trainings[0], "modified");
        var isTime = modified.ValueKind == JsonValueKind.Undefined || Springest.Client.SpringestValue.Read<DateTimeOffset>(modified) is not null;
        Note("modified", "3.2", "a moment", isTime ? "a moment" : ApiAnswer.Shape(modified), isTime, "tell the maintainers its form");
        var ids = trainings.Select(IdOf).ToList();
        Note("order", "4.1", "ascending ids", ids.SequenceEqual(ids.Order()) ? "ascending ids" : "another", ids.SequenceEqual(ids.Order()), "none: no order is relied on");
        Note("content type of JSON", "3", "application/json; charset=utf-8", full.ContentType, full.ContentType == "application/json; charset=utf-8", "none: it is not relied on");
    }

    private async Task PagingAsync(ApiAnswer full, IReadOnlyList<JsonElement> trainings)
    {
        var second = await api.GetAsync("trainings.json?full=true&size=1&offset=1", cancellationToken);
        var counts = trainings.Count < 2 || (second.Items("trainings") is [var one] && IdOf(one) == IdOf(trainings[1]));
        Note("offset", "4.1", "counts items", counts ? "counts items" : "something else", counts, "none: lists cannot be read; tell the maintainers");
        var large = await api.GetAsync("trainings.json?size=100", cancellationToken);
        var found = large.IsOk ? large.Items("trainings").Count <= 30 ? "clamped to 30" : $"{large.Items("trainings").Count} items" : $"{(int)large.Status}";
        Note("size above 30", "4.1", "clamped to 30", found, found == "clamped to 30", "none: the client asks for 30 at most");
        if (full.Total("results") is not { } total)
            return;
        var past = await api.GetAsync($"trainings.json?size=30&offset={total + 1000}", cancellationToken);
        var isEmpty = past.IsOk && past.Items("trainings").Count == 0 && past.Total("results") == total;
        Note("offset past the end", "4.1", "200, empty, the same total", $"{(int)past.Status}, {past.Items("trainings").Count} items", isEmpty, "none: the client stops at the total");
    }

    private async Task ListAsync(ApiAnswer full, IReadOnlyList<JsonElement> trainings)
    {
        var brief = await api.GetAsync("trainings.json?size=30", cancellationToken);
        var items = brief.Items("trainings");
        var cut = items.Select(item => ApiAnswer.Field(item, "description")).Where(text => text.ValueKind == JsonValueKind.String).Select(text => text.GetString()!)
            .Where(text => text.EndsWith("...", StringComparison.Ordinal)).Select(text => text.Length - 3).DefaultIfEmpty(0).Max();
        Note("length of descriptions in lists", "8.1", "about 700", cut == 0 ? "not cut" : $"about {cut}", cut is >= 600 and <= 800, "none: full=true is asked for; Training.DescriptionIsShortened may be wrong");
        var names = items.SelectMany(item => item.EnumerateObject()).Select(field => field.Name).ToHashSet();
        var left = trainings.SelectMany(item => item.EnumerateObject()).Select(field => field.Name).Distinct().Where(name => !names.Contains(name)).Order().ToList();
        string[] inferred = ["additional_costs", "associations", "starting_dateplaces"];
        Note("fields in full lists only", "8.1", string.Join(", ", inferred), left.Count == 0 ? "none" : string.Join(", ", left), left.SequenceEqual(inferred), "none: full=true is asked for");
        if (trainings.Select(item => Springest.Client.SpringestValue.Read<DateTimeOffset>(ApiAnswer.Field(item, "modified"))).Max() is { } latest)
        {
            var day = latest.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var since = await api.GetAsync($"trainings.json?full=true&size=30&modified_from={day}", cancellationToken);
            var includes = since.Items("trainings").Any(item => ApiAnswer.Field(item, "modified").ToString().StartsWith(day, StringComparison.Ordinal));
            Note("modified_from", "8.1", "includes the day", includes ? "includes the day" : "leaves the day out", includes, "none: ask for a day more; tell the maintainers");
        }
        var subjects = await api.GetAsync("trainings.json?size=1&subject_id=1,2", cancellationToken);
        Note("several ids in one parameter", "8.1", "200", $"{(int)subjects.Status}", subjects.IsOk, "none: the client sends one");
    }

    private async Task FormatsAsync(JsonElement training)
    {
        var single = await api.GetAsync($"trainings/{IdOf(training)}.json", cancellationToken);
        var isList = single.Items("trainings").Count == 1 && single.Json.ValueKind == JsonValueKind.Object;
        Note("envelope of a single record", "4", "a list of one", isList ? "a list of one" : ApiAnswer.Shape(single.Json, 1), isList, ReadBoth);
        var missing = await api.GetAsync("trainings/999999999999.json", cancellationToken);
        var hasError = missing.Status == HttpStatusCode.NotFound && ApiAnswer.Field(missing.Json, "error").ValueKind == JsonValueKind.String;
        Note("404", "6", "404 with a text in error", $"{(int)missing.Status}, {(missing.Text.Length == 0 ? "no body" : ApiAnswer.Shape(missing.Json))}", hasError, missing.Status == HttpStatusCode.NotFound ? "none: the client reads any body" : "none: deletes cannot be seen; tell the maintainers");
        var plain = await api.GetAsync("trainings?size=1", cancellationToken);
        Note("path without extension", "3", "JSON", plain.IsOk && plain.Json.ValueKind != JsonValueKind.Undefined ? "JSON" : $"{(int)plain.Status}", plain.IsOk, "none: the client sends one");
        var xml = await api.GetAsync("trainings.xml?size=1", cancellationToken);
        var isXml = xml.IsOk && xml.Text.TrimStart().StartsWith('<');
        Note("XML", "3", "served", isXml ? "served" : $"{(int)xml.Status}", isXml, "Format must be Json");
        if (isXml)
        {
            Note("content type of XML", "3", "application/xml; charset=utf-8", xml.ContentType, xml.ContentType == "application/xml; charset=utf-8", "none: it is not relied on");
            var error = await api.GetAsync("trainings/999999999999.xml", cancellationToken);
            var root = error.Text.IndexOf("<error", StringComparison.Ordinal) is >= 0 and var at
                ? at == 0 || error.Text[..at].TrimEnd().EndsWith("?>", StringComparison.Ordinal) ? "error" : error.Text[..at].Contains("<hash", StringComparison.Ordinal) ? "hash" : "response"
                : "none";
            Note("root of an error in XML", "6", "error", root, root == "error", ReadBoth);
        }
        var old = await api.GetAsync("trainings/list.json?size=1", cancellationToken);
        Note("routes of 2012", "8", "404", $"{(int)old.Status}", old.Status == HttpStatusCode.NotFound, "none: they are not used");
    }

    private async Task OtherListsAsync()
    {
        foreach (var (path, list, total) in new[]
        {
            ("institutes.json?size=1", "institutes", "results"), ("categories.json?version=2&size=1", "categories", "count"),
            ("subjects.json?size=1", "subjects", "results"), ("reviews.json?size=1", "reviews", "results"), ("conversions.json?size=1", "conversions", "results"),
            ("bookings.json?size=1", "bookings", "results"),
        })
        {
            var answer = await api.GetAsync(path, cancellationToken);
            if (answer.IsOk)
                Envelope(list, answer, total);
            else
                Note($"list of {list}", "8", "200, or 403 for this key", $"{(int)answer.Status}", answer.Status == HttpStatusCode.Forbidden, "none: it is not there; switch its crawl off");
        }
        var completions = await api.GetAsync("autocomplete/a.json", cancellationToken);
        var groups = ApiAnswer.Field(completions.Json, "results") is { ValueKind: JsonValueKind.Object } results ? results.EnumerateObject().Select(group => group.Name).Order().ToList() : [];
        Note("autocomplete", "8.11", "json, with the group subjects", completions.IsOk ? string.Join(", ", groups) : $"{(int)completions.Status}", groups is ["subjects"] || completions.Status == HttpStatusCode.Forbidden,
            completions.IsOk ? "none: the client reads any group" : "AutocompleteFormat must be jsonp");
    }

    private async Task CertificatesAsync()
    {
        var certifications = await api.GetAsync("certifications.json?size=1", cancellationToken, certifications: true);
        Readable("certifications", certifications);
        var certificates = await api.GetAsync("users/certificates.json?size=1", cancellationToken, certifications: true);
        Readable("certificates", certificates);
        if (certificates.Items("certificates") is not [var certificate])
            return;
        var hasUser = ApiAnswer.Field(certificate, "user").ValueKind != JsonValueKind.Undefined;
        Note("user of a certificate", "8.12", "there", hasUser ? "there" : "missing", hasUser, "none: a certificate in doubt cannot be told from another person's");
        var nested = ApiAnswer.Field(certificate, "certification").ValueKind == JsonValueKind.Object;
        Note("name of a certificate", "8.12", "its own field", nested ? "in certification" : "its own field", !nested, ReadBoth);
    }

    private void Readable(string list, ApiAnswer answer)
    {
        if (answer.IsOk)
            Envelope(list, answer);
        else
            Note($"list of {list}", "8.12", "200", $"{(int)answer.Status}", false, answer.Status == HttpStatusCode.Forbidden ? "CertificationsApiKey: this key may not read it" : "none: it is not there");
    }

    private void Headers()
    {
        var limits = api.Answers.SelectMany(answer => answer.Headers).Where(name => name.Contains("rate", StringComparison.OrdinalIgnoreCase) || name.Equals("Retry-After", StringComparison.OrdinalIgnoreCase))
            .Distinct().Order().ToList();
        Note("rate limit headers", "5", "none", limits.Count == 0 ? "none" : string.Join(", ", limits), limits.Count == 0, "none: tell the maintainers their form");
    }

    private static long IdOf(JsonElement record) => Springest.Client.SpringestValue.Read<long>(ApiAnswer.Field(record, "id")) ?? 0;
}

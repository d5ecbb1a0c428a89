using System.Text;
using Springest.EndToEnd.Tests.Surroundings;

namespace Springest.EndToEnd.Tests.Outside;

/// <summary>What every address answers to whom: a line for each exchange.</summary>
public abstract class AddressTests(World world, Topology topology) : OutsideTests(world, topology)
{
    private const string Json = "Content-Type: application/json; charset=utf-8";
    private const string Problem = "Content-Type: application/problem+json";

    /// <summary>
    /// Method; path; key (none, or <c>wrong</c>, <c>reader</c>, <c>viewer</c>, <c>operator</c>, or the host's <c>function</c>,
    /// <c>master</c>, <c>system</c>, <c>webhook</c>, in its header; with a question mark in the query); status; headers, where * stands
    /// for any text; what the body contains, where "" is an empty body. In paths, {training} is one that there is, and {viewer} a key.
    /// </summary>
    public static TheoryData<string, string, string, int, string, string?> Exchanges => new()
    {
        // For everybody.
        { "GET", "api/console", "", 200, "Content-Type: text/html; charset=utf-8", "<!doctype html>" },
        { "GET", "api/console", "", 200, "Cache-Control: no-cache | ETag: \"*\"", null },
        { "GET", "api/console", "", 200, "Content-Security-Policy: default-src 'none'; *", null },
        { "GET", "api/console", "", 200, "Referrer-Policy: no-referrer | X-Content-Type-Options: nosniff", null },
        { "GET", "api/console", "wrong", 200, "", null },
        { "HEAD", "api/console", "", 200, "Content-Type: text/html; charset=utf-8", "" },
        { "POST", "api/console", "viewer", 404, "", "" },
        { "GET", "api/console/app.js", "", 200, "Content-Type: text/javascript; charset=utf-8", "import " },
        { "GET", "api/console/app.js", "wrong", 200, "Cache-Control: no-cache | X-Content-Type-Options: nosniff", null },
        { "GET", "api/console/console.css", "", 200, "Content-Type: text/css; charset=utf-8", ":root" },
        { "GET", "api/console/de.json", "", 200, Json, "Zertifikate" },
        { "GET", "api/console/icon.svg", "", 200, "Content-Type: image/svg+xml", "<svg" },
        { "GET", "api/console/index.html", "", 404, Problem, "no such file" },
        { "GET", "api/console/..%2Fapp.js", "", 404, "", null },
        { "GET", "api/console/Springest.Functions.dll", "", 404, Problem, "no such file" },
        { "GET", "api/todo", "", 401, Problem, "access key" },
        { "GET", "api/todo", "reader", 403, Problem, "this address needs the role viewer" },
        { "GET", "api/todo", "viewer", 200, $"{Json} | ETag: \"*\" | Last-Modified: *", "\"role\":\"viewer\"" },
        { "GET", "api/todo?now=true", "operator", 200, Json, "\"role\":\"operator\"" },
        { "GET", "api/health", "", 200, "Content-Type: application/json* | Cache-Control: no-store", "{\"status\":\"ok\"}" },
        { "GET", "api/health", "wrong", 200, "", "{\"status\":\"ok\"}" },
        { "GET", "api/health", "reader", 200, "", "{\"status\":\"ok\"}" },
        { "GET", "api/health", "viewer", 200, "", "\"access\":\"ok\"" },
        { "GET", "API/Health", "", 200, "", null },
        { "HEAD", "api/health", "", 200, Json, "" },
        { "DELETE", "api/health", "operator", 404, "", "" },

        // No such address.
        { "GET", "api", "operator", 404, "", "" },
        { "GET", "health", "", 404, "", "" },
        { "GET", "api/nothing", "operator", 404, "", "" },
        { "GET", "api/console.js", "", 404, "", "" },
        { "GET", "api%2Fhealth", "", 404, "", "" },

        // Each kind of key, in each place.
        { "GET", "api/openapi.json", "", 401, Problem, "access key" },
        { "GET", "api/openapi.json", "reader", 200, Json, "\"openapi\":" },
        { "HEAD", "api/openapi.json", "operator", 200, Json, "" },
        { "POST", "api/openapi.json", "operator", 404, "", "" },

        { "GET", "api/status", "", 401, $"{Problem} | WWW-Authenticate: AccessKey *", "header x-access-key" },
        { "GET", "api/status", "wrong", 401, Problem, "The access key is unknown" },
        { "GET", "api/status", "?viewer", 401, Problem, "header x-access-key" },
        { "GET", "api/status?x-access-key={viewer}", "", 401, Problem, null },
        { "GET", "api/status", "viewer", 200, $"{Json} | Cache-Control: no-store | X-Content-Type-Options: nosniff", "\"quota\"" },
        { "GET", "api/status", "operator", 200, Json, null },
        { "GET", "api/status", "reader", 403, Problem, "this address needs the role viewer" },
        { "GET", "api/status", "function", 401, Problem, null },
        { "GET", "api/status", "master", 401, Problem, null },
        { "GET", "api/status", "?master", 401, Problem, null },
        { "GET", "api/status", "system", 401, Problem, null },
        { "GET", "api/status", "webhook", 401, Problem, null },
        { "GET", "api/status", "viewer?wrong", 400, Problem, "There is no parameter 'code'" },
        { "HEAD", "api/status", "viewer", 200, Json, "" },
        { "POST", "api/status", "viewer", 404, "", "" },

        // The mirror.
        { "GET", "api/catalogue/nl/trainings", "", 401, Problem, "access key" },
        { "GET", "api/catalogue/nl/trainings", "reader", 200, Json, "\"items\":[{" },
        { "GET", "api/catalogue/nl/institutes", "reader", 200, Json, "\"items\":[{" },
        { "GET", "api/catalogue/nl/categories", "reader", 200, Json, "\"items\":[{" },
        { "GET", "api/catalogue/nl/subjects", "operator", 200, Json, "\"items\":[{" },
        { "GET", "api/catalogue/nl/reviews", "reader", 200, Json, "\"items\":[{" },
        { "GET", "api/catalogue/nl/certifications", "reader", 200, Json, "\"items\":[{" },
        { "GET", "api/catalogue/nl/trainings?top=2", "reader", 200, Json, "\"cursor\":\"" },
        { "GET", "api/catalogue/nl/trainings?top=0", "reader", 400, Problem, "top must be a number from 1 to 1000." },
        { "GET", "api/catalogue/nl/trainings?top=1001", "reader", 400, Problem, "top must be a number from 1 to 1000." },
        { "GET", "api/catalogue/nl/trainings?top=many", "reader", 400, Problem, "top must be a number from 1 to 1000." },
        { "GET", "api/catalogue/nl/trainings?cursor=x", "reader", 400, Problem, "cursor is not a cursor of this list." },
        { "GET", "api/catalogue/nl/trainings?institute=x", "reader", 400, Problem, "institute and subject must be ids." },
        { "GET", "api/catalogue/nl/trainings?after=x", "reader", 400, Problem, "There is no parameter 'after'" },
        { "GET", "api/catalogue/nl/subjects?institute=1", "reader", 400, Problem, "cannot be filtered by institute" },
        { "GET", "api/catalogue/nl/trainings?tpo=2", "reader", 400, Problem, "There is no parameter 'tpo'" },
        { "GET", "api/catalogue/nl/trainings?top=1&_=5", "reader", 200, Json, "\"items\":[{" },
        { "GET", "api/catalogue/NL/Trainings?top=1", "reader", 200, Json, "\"items\":[{" },
        { "HEAD", "api/catalogue/nl/trainings?top=1", "reader", 200, Json, "" },
        { "GET", "api/catalogue/mars/trainings", "reader", 404, Problem, "mars" },
        { "GET", "api/catalogue/nl/horses", "reader", 404, Problem, "horses" },
        { "POST", "api/catalogue/nl/trainings", "operator", 404, "", "" },
        { "GET", "api/catalogue/nl/trainings/{training}", "", 401, Problem, "access key" },
        { "GET", "api/catalogue/nl/trainings/{training}", "reader", 200, $"{Json} | ETag: \"*\"", "\"id\":{training}," },
        { "GET", "api/catalogue/nl/trainings/9", "reader", 404, Problem, "The mirror has no trainings/9" },
        { "GET", "api/catalogue/nl/trainings/9?deleted=true", "reader", 404, Problem, "The mirror has no trainings/9" },
        { "GET", "api/catalogue/nl/trainings/nine", "reader", 404, "", "" },
        { "GET", "api/catalogue/nl/trainings/changes", "", 401, Problem, "access key" },
        { "GET", "api/catalogue/nl/trainings/changes", "reader", 200, Json, "\"items\":[" },
        { "GET", "api/catalogue/nl/trainings/changes?cursor=x", "reader", 400, Problem, "There is no parameter 'cursor'" },
        { "GET", "api/catalogue/nl/trainings/changes?q=x", "reader", 400, Problem, "There is no parameter 'q'" },
        { "GET", "api/catalogue/nl/trainings/changes?after=now", "reader", 200, Json, "\"items\":[]" },
        { "GET", "api/catalogue/nl/trainings/changes?after=later", "reader", 400, Problem, "after must be a cursor of this list" },
        { "GET", "api/catalogue/nl/trainings/passes", "", 401, Problem, "access key" },
        { "GET", "api/catalogue/nl/trainings/passes?top=1", "reader", 200, Json, "\"kind\":" },
        { "GET", "api/catalogue/nl/trainings/fields", "reader", 200, Json, "\"items\":[" },

        // The ledger.
        { "GET", "api/certificates", "", 401, Problem, "access key" },
        { "GET", "api/certificates", "viewer", 400, Problem, "state must be one of: " },
        { "GET", "api/certificates?state=Accepted", "viewer", 200, Json, null },
        { "GET", "api/certificates?state=accepted&site=nl&top=1", "viewer", 200, Json, null },
        { "GET", "api/certificates?state=Accepted&site=NL&top=1", "viewer", 200, Json, null },
        { "GET", "api/certificates?state=Lost", "viewer", 400, Problem, "state must be one of: " },
        { "GET", "api/certificates?state=Accepted&top=201", "viewer", 400, Problem, "top must be a number from 1 to 200." },
        { "GET", "api/certificates?state=Accepted&site=mars", "viewer", 400, Problem, "There is no site 'mars'" },
        { "GET", "api/certificates?state=Accepted&cursor=x", "viewer", 400, Problem, "cursor is not a cursor of this list." },
        { "GET", "api/certificates/nl/nothing", "", 401, Problem, "access key" },
        { "GET", "api/certificates/nl/nothing", "viewer", 404, Problem, "The ledger has no submission" },
        { "GET", "api/certificates/nl/no%2Fthing", "viewer", 404, Problem, "The ledger has no submission" },
        { "POST", "api/manage/certificates/nl/nothing/retry", "", 401, Problem, "access key" },
        { "POST", "api/manage/certificates/nl/nothing/retry", "viewer", 403, Problem, "this address needs the role operator" },
        { "POST", "api/manage/certificates/nl/nothing/retry", "reader", 403, Problem, "this address needs the role operator" },
        { "POST", "api/manage/certificates/nl/nothing/retry", "operator", 404, Problem, "The ledger has no submission" },
        { "POST", "api/manage/certificates/nl/nothing/accept", "operator", 400, Problem, "id must be the number" },
        { "POST", "api/manage/certificates/nl/nothing/accept?id=44001", "operator", 404, Problem, "The ledger has no submission" },
        { "GET", "api/manage/certificates/nl/nothing/retry", "operator", 404, "", "" },
        { "POST", "api/manage/certificates/nl/nothing/dismiss", "viewer", 403, Problem, "this address needs the role operator" },
        { "POST", "api/manage/certificates/nl/nothing/dismiss", "operator", 404, Problem, "The ledger has no submission" },
        { "POST", "api/manage/certificates/nl/nothing/submit", "operator", 404, Problem, "The ledger has no submission" },
        { "POST", "api/manage/certificates/nl/start", "viewer", 403, Problem, "this address needs the role operator" },
        { "POST", "api/manage/certificates/nl/start", "operator", 204, "", "" },
        { "POST", "api/manage/certificates/mars/stop", "operator", 404, Problem, "There is no site 'mars'" },
        { "POST", "api/manage/certificates/nl/retry?state=Held", "operator", 200, Json, "\"retried\":" },
        {
            "POST", "api/manage/certificates/nl/retry?state=OutcomeUnknown", "operator", 400, Problem,
            "state must be one of: Held, Waiting."
        },
        { "POST", "api/manage/certificates/mars/restore", "operator", 404, Problem, "There is no site 'mars'" },
        { "POST", "api/manage/certificates/nl/check", "viewer", 403, Problem, "this address needs the role operator" },
        { "POST", "api/manage/certificates/nl/check", "operator", 400, Problem, "The body must be JSON such as" },
        { "POST", "api/manage/certificates/nl/files", "viewer", 403, Problem, "this address needs the role operator" },
        { "POST", "api/manage/certificates/nl/files", "operator", 400, Problem, "x-batch must be" },
        { "POST", "api/manage/certificates/mars/files", "operator", 404, Problem, "There is no site 'mars'" },
        { "POST", "api/certificates/search", "", 401, Problem, "access key" },
        { "POST", "api/certificates/search", "viewer", 400, Problem, "email, certificateId and file" },

        // People.
        { "POST", "api/manage/people/find", "", 401, Problem, "access key" },
        { "POST", "api/manage/people/find", "viewer", 403, Problem, "this address needs the role operator" },
        { "POST", "api/manage/people/find", "operator", 400, Problem, "The body must be JSON with an address" },
        { "POST", "api/manage/people/find?email=jo@example.org", "operator", 400, Problem, "There is no parameter 'email'" },
        { "POST", "api/manage/people/forget", "reader", 403, Problem, "this address needs the role operator" },
        { "POST", "api/manage/people/forget", "operator", 400, Problem, "The body must be JSON with an address" },
        { "GET", "api/manage/people/erasures/nothing", "viewer", 403, Problem, "this address needs the role operator" },
        { "GET", "api/manage/people/erasures/nothing", "operator", 404, Problem, "There is no erasure 'nothing'" },

        // Webhooks: each posts one that names nothing.
        { "POST", "api/webhooks/nl/trainings", "", 401, "", "" },
        { "POST", "api/webhooks/nl/trainings", "wrong", 401, "", "" },
        { "POST", "api/webhooks/nl/trainings", "system", 401, "", "" },
        { "POST", "api/webhooks/nl/trainings", "webhook", 200, Json, "\"accepted\":0,\"ignored\":0" },
        { "POST", "api/webhooks/nl/trainings", "?webhook", 200, Json, "\"delivery\":\"" },
        { "POST", "api/webhooks/nl/trainings", "function", 200, Json, null },
        { "POST", "api/webhooks/nl/trainings", "?master", 200, Json, null },
        { "POST", "api/webhooks/nl/conversions", "function", 200, Json, null },
        { "POST", "api/webhooks/nl/conversions", "webhook", 401, "", "" },
        { "POST", "api/webhooks/mars/trainings", "function", 404, Problem, "site" },
        { "POST", "api/webhooks/nl/trainings/more", "function", 404, "", "" },
        { "GET", "api/webhooks/nl/trainings", "function", 405, $"{Problem} | Allow: POST", "Webhooks are posted." },
        { "PUT", "api/webhooks/nl/trainings", "?function", 405, $"{Problem} | Allow: POST", "Webhooks are posted." },
        { "HEAD", "api/webhooks/nl/conversions", "function", 405, "Allow: POST", "" },
        { "DELETE", "api/webhooks/nl/trainings", "", 401, "", "" },
        { "GET", "api/webhooks/nl/deliveries", "", 401, Problem, "access key" },
        { "GET", "api/webhooks/nl/deliveries", "webhook", 401, Problem, "access key" },
        { "GET", "api/webhooks/nl/deliveries", "viewer", 200, Json, "{" },
        { "GET", "api/webhooks/nl/deliveries?from=soon", "viewer", 400, Problem, "from is no time such as" },
        { "GET", "api/webhooks/nl/deliveries/nothing", "viewer", 404, Problem, null },
        { "GET", "api/webhooks/nl/dead-letters", "viewer", 200, Json, "{" },
        { "POST", "api/manage/webhooks/nl/deliveries/nothing/replay", "viewer", 403, Problem, "this address needs the role operator" },
        { "POST", "api/manage/webhooks/nl/deliveries/nothing/replay", "operator", 404, Problem, null },
        { "POST", "api/manage/webhooks/nl/replay?from=soon", "operator", 400, Problem, "from is no time such as" },
        { "POST", "api/manage/webhooks/nl/deliveries/nothing/discard", "", 401, Problem, "access key" },
        { "POST", "api/manage/webhooks/nl/deliveries/nothing/discard", "operator", 404, Problem, null },
        { "POST", "api/manage/webhooks/nl/held-deletes/trainings/release", "", 401, Problem, "access key" },
        { "POST", "api/manage/webhooks/nl/held-deletes/trainings/release", "operator", 404, Problem, null },
        { "POST", "api/manage/webhooks/nl/held-deletes/trainings/discard", "", 401, Problem, "access key" },
        { "POST", "api/manage/webhooks/nl/held-deletes/trainings/discard", "operator", 404, Problem, null },
        { "POST", "api/manage/webhooks/nl/dead-letters/nothing/retry", "operator", 404, Problem, null },
        { "POST", "api/manage/webhooks/nl/dead-letters/nothing/discard", "", 401, Problem, "access key" },
        { "POST", "api/manage/webhooks/nl/dead-letters/nothing/discard", "operator", 404, Problem, null },

        // Commands.
        { "POST", "api/manage/catalogue/nl/reviews/resume", "", 401, Problem, "access key" },
        { "POST", "api/manage/catalogue/nl/reviews/resume", "viewer", 403, Problem, "this address needs the role operator" },
        { "POST", "api/manage/catalogue/nl/reviews/resume", "operator", 202, "", "" },
        { "POST", "api/manage/catalogue/nl/reviews/dance", "operator", 404, Problem, "There is no command 'dance'" },
        { "POST", "api/manage/catalogue/mars/reviews/resume", "operator", 404, Problem, "mars" },
        { "POST", "api/manage/quota/nl/unblock", "", 401, Problem, "access key" },
        { "POST", "api/manage/quota/nl/unblock", "viewer", 403, Problem, "this address needs the role operator" },
        { "POST", "api/manage/quota/NL/unblock", "operator", 202, "", "" },
        { "POST", "api/manage/quota/nl/unblock?all=1", "operator", 400, Problem, "There is no parameter 'all'" },
        { "POST", "api/manage/quota/mars/unblock", "operator", 404, Problem, "There is no site 'mars'" },

        // The platform's own.
        { "POST", "admin/functions/Measure", "", 401, "", "" },
        { "POST", "admin/functions/Measure", "wrong", 401, "", "" },
        { "POST", "admin/functions/Measure", "function", 403, "", "" },
        { "POST", "admin/functions/Measure", "master", 202, "", "" },
        { "POST", "admin/functions/Nothing", "master", 404, "", null },
        { "POST", "runtime/webhooks/blobs?functionName=Host.Functions.SubmitCertificate", "", 401, "", "" },
        { "POST", "runtime/webhooks/blobs?functionName=Host.Functions.SubmitCertificate", "wrong", 401, "", "" },
        { "POST", "runtime/webhooks/blobs?functionName=Host.Functions.SubmitCertificate", "function", 403, "", "" },
    };

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task An_address_answers(string method, string path, string key, int status, string headers, string? body)
    {
        Assert.SkipWhen(
            key.Contains("webhook", StringComparison.Ordinal) && App.Keys.Webhook is null,
            "SPRINGEST_E2E_WEBHOOK_KEY is not set.");
        await App.FilledAsync();
        var (header, query) = (Key(key.Split('?')[0]), key.Contains('?') ? Key(key.Split('?')[1]) : null);
        var address = Fill(path);
        if (query is not null)
            address += $"{(address.Contains('?') ? '&' : '?')}code={Uri.EscapeDataString(query)}";
        // On a busy machine storage may keep a webhook waiting for too long; who sends it comes again.
        var answer = await Eventually.SeeAsync(
            "an answer but 503",
            async () => await AskAsync(method, address, header) is var answer && (int)answer.Status != 503 ? answer : null);

        Assert.Equal(status, (int)answer.Status);
        foreach (var expected in headers.Split(" | ", StringSplitOptions.RemoveEmptyEntries))
            AssertHeader(expected, answer);
        if (body is "")
            Assert.Empty(answer.Body);
        else if (body is not null)
            Assert.Contains(Fill(body), answer.Body, StringComparison.OrdinalIgnoreCase);
        if (headers.StartsWith(Problem, StringComparison.Ordinal))
            Assert.Equal(status, answer.Json.GetProperty("status").GetInt32());
    }

    private async Task<Answer> AskAsync(string method, string address, string? key)
    {
        var body = address.StartsWith("admin/", StringComparison.Ordinal) ? "{}" : """{"changes":[]}""";
        using var content = method is "POST" or "PUT" ? new StringContent(body, Encoding.UTF8, "application/json") : null;
        return await App.SendAsync(method, address, key, content);
    }

    private string? Key(string name) => name switch
    {
        "" => null,
        "wrong" => "not-the-key",
        "reader" => App.Keys.Reader,
        "viewer" => App.Keys.Viewer,
        "operator" => App.Keys.Operator,
        "function" => App.Keys.Function,
        "master" => App.Keys.Master,
        "system" => App.Keys.System,
        "webhook" => App.Keys.Webhook,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such key."),
    };

    private string Fill(string text) => text
        .Replace("{training}", $"{App.Simulator.Catalogue.Trainings.Ids[0]}", StringComparison.Ordinal)
        .Replace("{viewer}", Uri.EscapeDataString(App.Keys.Viewer), StringComparison.Ordinal);

    private static void AssertHeader(string expected, Answer answer)
    {
        var (name, value) = (expected.Split(": ")[0], expected.Split(": ", 2)[1]);
        var actual = answer.Header(name);
        Assert.NotNull(actual);
        Assert.Matches($"^{System.Text.RegularExpressions.Regex.Escape(value).Replace(@"\*", ".*", StringComparison.Ordinal)}$", actual);
    }

    public sealed class OneWorker(World world) : AddressTests(world, Topology.OneWorker);

    public sealed class WorkerPerScaleGroup(World world) : AddressTests(world, Topology.WorkerPerScaleGroup);
}

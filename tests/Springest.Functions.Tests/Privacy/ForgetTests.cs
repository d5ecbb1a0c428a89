using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Queues;
using Microsoft.AspNetCore.Http;
using Springest.Functions.Catalogue;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Privacy;
using Springest.Functions.Status;
using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Tests.Webhooks;
using Springest.Simulator.Behaviours;
using Springest.Testing;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Privacy;

/// <summary>A person is found and forgotten, wherever the app has anything about him.</summary>
public sealed class ForgetTests(AzuriteFixture azurite)
{
    internal const string Email = "wim.canary@example.test";
    private const string Name = "Wim Canarissen";
    internal const string Other = "jaap.wim.canary@example.test";

    internal static readonly Dictionary<string, string?> WithSnapshots = new() { ["Springest:Mirror:SnapshotsKept"] = "3" };

    // As an old editor saves it, which is not in UTF-8.
    internal static readonly byte[] Unreadable = Encoding.Latin1.GetBytes(
        $$"""{"certification":"Prüfung","email":"{{Email}}","valid_from":"2026-01-15"}""");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_names_a_person_who_is_forgotten_and_the_same_certificate_is_not_sent_again()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, WithSnapshots);
        await FillAsync(desk);
        await desk.App.FireAsync("Measure");
        var posts = desk.Posts.Count;
        var search = new StorageSearch(desk.App);
        var before = await search.FindAsync(Email, Name);
        Assert.True(before.Count > 20);
        Assert.Contains(before, at => at.StartsWith(TodoBoard.Table, StringComparison.Ordinal));
        var (others, list) = (await FindOtherAsync(), $"{desk.Accepted.Name} nl/manifest.csv");
        Assert.Contains(list, others);
        Assert.Contains($"{desk.Accepted.Name} nl/other.pdf.receipt.json", others);

        var named = (await AskAsync(desk, "find", new { name = Name })).Json.GetProperty("records").EnumerateArray().ToList();
        Assert.DoesNotContain(named, record => record.GetProperty("isCertain").GetBoolean());
        var found = named.Select(record => record.GetProperty("record").GetString()!).ToList();
        var byName = await AskAsync(desk, "forget", new { records = found });
        var byAddress = await AskAsync(desk, "forget", new { email = $" {Email.ToUpperInvariant()} " });
        await desk.App.FireAsync("CrawlReviews");
        await desk.App.FireAsync("Measure");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (byName.Status, byAddress.Status));
        // The other one's address holds the person's own, to whoever looks for letters only.
        Assert.Empty(await search.FindExceptInAsync(Other, Email));
        Assert.Empty(await search.FindAsync(Name));
        // A list that names both goes as a whole.
        Assert.Equal(others.Where(at => at != list), await FindOtherAsync());
        Assert.Equal(2, byName.Json.GetProperty("removed").GetProperty("review").GetInt32());
        Assert.Equal(1, byAddress.Json.GetProperty("removed").GetProperty("review").GetInt32());
        Assert.Contains(
            byAddress.Json.GetProperty("remaining").EnumerateArray(),
            rest => rest.GetProperty("what").GetString()!.StartsWith("bodies of webhooks", StringComparison.Ordinal));

        await desk.App.DropAsync(
            "again.pdf", CertificateDesk.Pdf("again"), CertificateDesk.Fields(email: Email, from: "2025-01-15"));
        await desk.SweepAsync();
        Assert.Equal("duplicate", (await desk.RejectionAsync("again.pdf"))?.State);
        Assert.Equal(posts, desk.Posts.Count);
        Assert.DoesNotContain(desk.App.Logs.Lines, line => line.Contains("canar", StringComparison.OrdinalIgnoreCase));

        // Snapshots are written anew, into other folders.
        async Task<List<string>> FindOtherAsync() => [.. (await search.FindAsync(Other)).Select(InAnyFolder)];

        static string InAnyFolder(string at)
            => at.Contains(CatalogueStorage.Snapshots, StringComparison.Ordinal) ? Path.GetFileName(at) : at;
    }

    [Fact]
    public async Task Events_that_the_host_has_given_up_are_searched_too()
    {
        // The queue is the host's, one for each storage account.
        await using var account = await Azurite.StartAsync(cancellationToken: Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(
            azurite, new() { ["AzureWebJobsStorage"] = account.ConnectionString }, mirrored: false);
        Assert.Empty((await AskAsync(desk, "find", new { email = Email })).Json.GetProperty("records").EnumerateArray());
        var poison = desk.App.Get<QueueServiceClient>().GetQueueClient("webjobs-blobtrigger-poison");
        await poison.CreateAsync(cancellationToken: Cancellation);
        foreach (var file in (string[])[.. Enumerable.Range(0, 40).Select(i => $"{i}_{Other}_2026-01-15"), $"3101_{Email}_2026-01-15"])
        {
            var message = Encoding.UTF8.GetBytes($$"""{"Type":"BlobTrigger","ContainerName":"c","BlobName":"nl/{{file}}.pdf"}""");
            await poison.SendMessageAsync(Convert.ToBase64String(message), Cancellation);
        }

        await poison.SendMessageAsync($$"""{"BlobName":"nl/cv {{Email}}.pdf"}""", Cancellation);
        await poison.SendMessageAsync("""{"BlobName":7}""", Cancellation);

        // Whoever has just searched, even twice, hides nothing from who erases.
        await AskAsync(desk, "find", new { email = Email });
        var found = (await AskAsync(desk, "find", new { email = Email })).Json.GetProperty("records").EnumerateArray()
            .Where(record => record.GetProperty("isCertain").GetBoolean())
            .Select(record => record.GetProperty("record").GetString()!).ToList();
        Assert.Equal(2, found.Count);
        var one = await AskAsync(desk, "forget", new { records = found[..1] });
        var answer = await AskAsync(desk, "forget", new { email = Email });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (one.Status, answer.Status));
        Assert.Equal(1, one.Json.GetProperty("removed").GetProperty("event").GetInt32());
        Assert.Equal(1, answer.Json.GetProperty("removed").GetProperty("event").GetInt32());
        Assert.Equal(41, (await poison.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task A_review_stays_without_its_author_while_Springest_still_has_it_and_followers_learn_of_it()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, WithSnapshots);
        var id = PutReview(desk, 900001, Name, "Prima cursus");
        await desk.App.FireAsync("CrawlReviews");

        var answer = await AskAsync(desk, "forget", new { records = (string[])[$"review:nl/{id}"] });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        // The last snapshot may be a version of itself for two days, and restorable for a week after that.
        var done = answer.Json.GetProperty("done").GetDateTimeOffset();
        Assert.Contains(
            answer.Json.GetProperty("remaining").EnumerateArray(),
            rest => rest.GetProperty("what").GetString()!.StartsWith("deleted snapshots", StringComparison.Ordinal)
                && rest.GetProperty("until").GetDateTimeOffset() > done.AddDays(9));
        desk.App.Simulator.Catalogue.Reviews.Update(id, review => review["rating"] = 3);
        Assert.Equal(HttpStatusCode.Accepted, await desk.ManageAsync("catalogue/nl/reviews/start"));
        await desk.App.FireAsync("CrawlReviews");

        var record = (await GetAsync(desk, $"catalogue/nl/reviews/{id}"))!;
        Assert.Equal(3, record["rating"]!.GetValue<int>());
        Assert.Null(record["author_name"]);
        Assert.Null(record["description"]);
        Assert.Empty(await new StorageSearch(desk.App).FindAsync(Name, "Prima cursus"));
        var changes = await desk.App.Storage.Table(CatalogueStorage.Changes)
            .QueryAsync<TableEntity>(row => row.PartitionKey == "nl:Reviews", cancellationToken: Cancellation)
            .Where(row => row.GetInt64("Id") == id)
            .ToListAsync(Cancellation);
        Assert.Equal(["Created", "Updated", "Updated"], changes.Select(row => row.GetString("Change")));
        Assert.Equal(["Crawl", "Erasure", "Crawl"], changes.Select(row => row.GetString("Source")));
        Assert.Equal(["author_name,description", "rating"], changes.Skip(1).Select(row => row.GetString("ChangedFields")));
    }

    [Theory]
    [InlineData("\"rating\":1,")]
    [InlineData("\"\\ud800\":1,")]
    public async Task A_review_with_a_name_twice_or_half_a_character_in_one_is_forgotten_too(string field)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, WithSnapshots);
        var id = PutReview(desk, 900001, Name, "Prima cursus");
        var review = $"{{{field}{desk.App.Simulator.Catalogue.Reviews.Json(id)![1..]}";
        desk.App.Simulator.Behaviour.Faults.Add(
            new Fault { Path = "/reviews.json", Status = 200, Body = $$$"""{"meta":{"results":1},"reviews":[{{{review}}}]}""" });
        await desk.App.FireAsync("CrawlReviews");
        Assert.NotEmpty(await new StorageSearch(desk.App).FindAsync(Name));

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(desk, "forget", new { records = (string[])[$"review:nl/{id}"] })).Status);

        await desk.App.FireAsync("CrawlReviews");
        Assert.Empty(await new StorageSearch(desk.App).FindAsync(Name, "Prima cursus"));
    }

    [Fact]
    public async Task What_is_gone_at_Springest_keeps_no_author()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, WithSnapshots);
        var id = PutReview(desk, 900001, Name, "Prima cursus");
        await desk.App.FireAsync("CrawlReviews");
        Assert.NotEmpty(await new StorageSearch(desk.App).FindAsync(Name));
        desk.App.Simulator.Catalogue.Reviews.Remove(id);

        // Missing in two passes, and looked up.
        for (var pass = 0; pass < 2; pass++)
        {
            Assert.Equal(HttpStatusCode.Accepted, await desk.ManageAsync("catalogue/nl/reviews/start"));
            await desk.App.FireAsync("CrawlReviews");
        }

        var gone = (await GetAsync(desk, $"catalogue/nl/reviews/{id}?deleted=true"))!;
        Assert.Null(gone["author_name"]);
        Assert.DoesNotContain(
            await new StorageSearch(desk.App).FindAsync(Name, "Prima cursus"), at => at.StartsWith("Reviews", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_being_sent_is_awaited_and_then_forgotten()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var began = new TaskCompletionSource();
        using var gate = new ManualResetEventSlim();
        desk.App.Simulator.Behaviour.Faults.Add(
            new Fault
            {
                Method = "POST",
                When = _ =>
                {
                    began.TrySetResult();
                    gate.Wait(Cancellation);
                    return false;
                },
            });
        await desk.DropAsync("sent.pdf", metadata: CertificateDesk.Fields(email: Email));
        var sweep = desk.SweepAsync();
        await began.Task.WaitAsync(Cancellation);

        var answer = await AskAsync(desk, "forget", new { email = Email });
        gate.Set();
        await sweep;
        await desk.App.FireAsync("RemoveOldData");

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal(1, answer.Json.GetProperty("waiting").GetInt32());
        var id = answer.Json.GetProperty("id").GetString();
        using var unasked = await desk.App.Http.GetAsync($"manage/people/erasures/{id}", Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, unasked.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(desk, $"erasures/{id}", null)).Status);
        Assert.Empty(await new StorageSearch(desk.App).FindAsync(Email));
        Assert.Single(desk.AtSpringest);
    }

    [Fact]
    public async Task What_waits_is_not_sent_any_more_and_a_doubt_is_closed_for_good()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        desk.App.Simulator.Behaviour.Faults.Add(new Fault { Method = "POST", Status = 502, Times = 1 });
        await desk.DropAsync("doubt.pdf", metadata: CertificateDesk.Fields(email: Email));
        await desk.SweepAsync();
        Assert.Equal(HttpStatusCode.NoContent, await desk.ManageAsync("certificates/nl/stop"));
        await desk.DropAsync("waits.pdf", metadata: CertificateDesk.Fields(email: Email, from: "2025-05-05"));
        await desk.SweepAsync();

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(desk, "forget", new { email = Email })).Status);

        Assert.Empty(await new StorageSearch(desk.App).FindAsync(Email));
        Assert.Empty(await desk.Ledger.ListAsync(SubmissionState.OutcomeUnknown, null, Cancellation).ToListAsync(Cancellation));

        desk.App.Simulator.Behaviour.Faults.Clear();
        await desk.StartAsync();
        await desk.DropAsync("doubt2.pdf", metadata: CertificateDesk.Fields(email: Email));
        await desk.DropAsync("waits2.pdf", metadata: CertificateDesk.Fields(email: Email, from: "2025-05-05"));
        await desk.SweepAsync();
        Assert.Equal("duplicate", (await desk.RejectionAsync("doubt2.pdf"))?.State);
        Assert.Equal("accepted", (await desk.ReceiptAsync("waits2.pdf"))?.State);
    }

    [Fact]
    public async Task A_file_that_a_program_holds_is_awaited_and_keeps_nothing_else_from_being_removed()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        foreach (var name in (string[])["a.pdf", "b.pdf"])
            await desk.DropAsync(name, metadata: CertificateDesk.Fields(email: Email, from: name == "a.pdf" ? "2025-01-15" : "2026-01-15"));
        await desk.SweepAsync();
        var lease = desk.Accepted.GetBlobClient("nl/a.pdf").GetBlobLeaseClient();
        await lease.AcquireAsync(TimeSpan.FromSeconds(-1), cancellationToken: Cancellation);

        var answer = await AskAsync(desk, "forget", new { email = Email });
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.All(
            await new StorageSearch(desk.App).FindAsync(Email),
            at => Assert.True(at.Contains("a.pdf", StringComparison.Ordinal) || at.Contains("Certificate", StringComparison.Ordinal)
                || at.StartsWith("Erasures", StringComparison.Ordinal), at));
        Assert.False(await desk.Accepted.GetBlobClient("nl/b.pdf").ExistsAsync(Cancellation));
        await lease.ReleaseAsync(cancellationToken: Cancellation);
        await desk.App.FireAsync("RemoveOldData");

        Assert.Empty(await new StorageSearch(desk.App).FindAsync(Email));
    }

    [Fact]
    public async Task An_erasure_that_cannot_go_on_keeps_no_other_from_its_end()
    {
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["AzureWebJobsStorage"] = proxy.ConnectionString });
        await desk.DropAsync("a.pdf", metadata: CertificateDesk.Fields());
        await desk.SweepAsync();
        proxy.Exchange = async (request, send)
            => request.Method == HttpMethods.Delete && request.Path.Value!.EndsWith("a.pdf", StringComparison.Ordinal)
                ? new HttpResponseMessage(HttpStatusCode.Forbidden) { Headers = { { "x-ms-error-code", "AuthorizationFailure" } } }
                : await send();
        var erasures = desk.App.Get<Erasures>();
        var first = await erasures.OrderAsync(null, [$"file:{desk.Accepted.Name}/nl/a.pdf"], null, Cancellation);
        var second = await erasures.OrderAsync(Email, [], null, Cancellation);

        await Assert.ThrowsAsync<AggregateException>(() => desk.App.FireAsync("RemoveOldData"));

        Assert.Null((await erasures.FindAsync(first.RowKey, Cancellation))!.Done);
        Assert.NotNull((await erasures.FindAsync(second.RowKey, Cancellation))!.Done);
    }

    [Fact]
    public async Task While_reviews_are_paused_their_snapshots_are_replaced_all_the_same()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, WithSnapshots);
        var id = PutReview(desk, 900001, Name, "Prima cursus");
        await desk.App.FireAsync("CrawlReviews");
        Assert.Equal(HttpStatusCode.Accepted, await desk.ManageAsync("catalogue/nl/reviews/pause"));
        await desk.App.FireAsync("CrawlReviews");

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(desk, "forget", new { records = (string[])[$"review:nl/{id}"] })).Status);
        await desk.App.FireAsync("CrawlReviews");

        Assert.Empty(await new StorageSearch(desk.App).FindAsync(Name));
    }

    [Fact]
    public async Task A_copy_that_is_older_than_five_erasures_brings_nobody_back_and_has_nothing_sent()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        string[] people = [.. Enumerable.Range(1, 5).Select(i => $"canary{i}@example.test")];
        foreach (var person in people)
            await desk.DropAsync($"{person[6]}.pdf", metadata: CertificateDesk.Fields(email: person));
        await desk.SweepAsync();
        await desk.App.FireAsync("ExportCertificates");
        foreach (var person in people)
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(desk, "forget", new { email = person })).Status);
        foreach (var table in (string[])
            [CertificateStorage.Submissions, CertificateStorage.Open, CertificateStorage.Index, CertificateStorage.Guards])
        {
            var rows = desk.App.Storage.Table(table);
            await foreach (var row in rows.QueryAsync<TableEntity>(cancellationToken: Cancellation))
                await rows.DeleteEntityAsync(row, cancellationToken: Cancellation);
        }

        // Within a minute an instance trusts the key that it knows.
        await using var other = new CertificateDesk(await desk.App.AnotherInstanceAsync());
        Assert.Equal(HttpStatusCode.NoContent, await other.ManageAsync("certificates/nl/restore"));
        await other.StartAsync();
        Assert.Empty(await new StorageSearch(desk.App).FindAsync(people));
        foreach (var person in people)
            await other.DropAsync($"again{person[6]}.pdf", metadata: CertificateDesk.Fields(email: person));
        await other.SweepAsync();

        Assert.Equal(5, desk.Posts.Count);
        foreach (var person in people)
            Assert.Equal("duplicate", (await other.RejectionAsync($"again{person[6]}.pdf"))?.State);
    }

    [Fact]
    public async Task Read_back_and_copy_beside_an_erasure_change_nothing_of_its_end()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, WithSnapshots);
        await FillAsync(desk);
        var posts = desk.Posts.Count;

        var forget = AskAsync(desk, "forget", new { email = Email });
        await Task.WhenAll(
            forget, desk.App.FireAsync("VerifyCertificates"), desk.App.FireAsync("ExportCertificates"), desk.SweepAsync());
        await desk.App.FireAsync("RemoveOldData");
        await desk.App.FireAsync("CrawlReviews");

        Assert.Empty(await new StorageSearch(desk.App).FindExceptInAsync(Other, Email));
        Assert.Equal(posts, desk.Posts.Count);
    }

    /// <summary>Five rows of the ledger, files named in every way, two lists, two conversions, three reviews; and another person.</summary>
    internal static async Task FillAsync(CertificateDesk desk)
    {
        await desk.App.DropAsync(
            "manifest.csv",
            Encoding.UTF8.GetBytes(
                $"file,certification_id,email,valid_from\nlisted.pdf,3101,{Email},2026-02-15\nother.pdf,3101,{Other},2026-02-15\n"));
        await desk.App.DropAsync("listed.pdf", CertificateDesk.Pdf("listed"), []);
        await desk.App.DropAsync("other.pdf", CertificateDesk.Pdf("other"), []);
        await desk.App.DropAsync(
            "map/manifest.csv", Encoding.UTF8.GetBytes($"file,certification_id,email,valid_from\nweg.pdf,77,{Email},2026-02-15\n"));
        await desk.App.DropAsync("map/weg.pdf", CertificateDesk.Pdf("weg"), []);
        await desk.App.DropAsync($"3101_{Email}_2026-01-15.pdf", CertificateDesk.Pdf("named"), []);
        await desk.App.DropAsync($"kopie/3101_{Email}_2026-01-15.pdf", CertificateDesk.Pdf("named again"), []);
        await desk.App.DropAsync("accepted.pdf", CertificateDesk.Pdf("a"), CertificateDesk.Fields(email: Email, from: "2025-01-15"));
        await desk.App.DropAsync(
            "beside.pdf.json",
            Encoding.UTF8.GetBytes($$"""{"certification_id":3101,"email":"{{Email}}","valid_from":"2024-01-15","name":null}""".Replace(
                ",\"name\":null", "", StringComparison.Ordinal)), []);
        await desk.App.DropAsync("beside.pdf", CertificateDesk.Pdf("b"), []);
        await desk.App.DropAsync("refused.pdf", "no pdf"u8.ToArray(), CertificateDesk.Fields(email: Email, from: "2023-01-15"));
        await desk.App.DropAsync("unread.pdf.json", Unreadable, []);
        await desk.App.DropAsync("unread.pdf", CertificateDesk.Pdf($"for {Email}"), []);
        await desk.App.DropAsync($"cv {Email}.pdf", CertificateDesk.Pdf("of nobody's course"), []);
        await desk.App.DropAsync(
            $"3101_{Other}_2026-01-15.pdf", CertificateDesk.Pdf("of another"), []);
        await desk.SweepAsync();
        await desk.SweepAsync();
        await foreach (var blob in desk.Accepted.GetBlobsAsync(cancellationToken: Cancellation).Take(3))
            await desk.Accepted.GetBlobClient(blob.Name).CreateSnapshotAsync(cancellationToken: Cancellation);

        var webhooks = new WebhookDriver(desk.App);
        foreach (var (id, email) in ((long, string)[])[(7, Email), (8, Email.ToUpperInvariant()), (9, Other)])
        {
            desk.App.Simulator.Behaviour.Faults.Add(
                new Fault { Status = 200, Path = $"/conversions/{id}", Body = $$"""{"id":{{id}},"email":"{{email}}","name":"x"}""" });
            await webhooks.PostToAsync(
                "webhooks/nl/conversions", WebhookBodies.Changes($$"""{"action":"update","object":"conversion","id":{{id}}}"""));
        }

        PutReview(desk, 900001, Name, "Prima cursus");
        PutReview(desk, 900002, "Anoniem", $"Mail mij: {Email}.");
        PutReview(desk, 900003, "Anoniem", $"Zie {Name.ToUpperInvariant()}!");
        PutReview(desk, 900004, "Anoniem", $"Mail {Other}");
        await desk.App.FireAsync("CrawlReviews");
    }

    internal static async Task<WebhookDriver.Answer> AskAsync(CertificateDesk desk, string path, object? body)
        => await new WebhookDriver(desk.App).SendAsync(
            body is null ? HttpMethod.Get : HttpMethod.Post, $"manage/people/{path}",
            body is null ? null : new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"));

    private static long PutReview(CertificateDesk desk, long id, string author, string text)
    {
        var reviews = desk.App.Simulator.Catalogue.Reviews;
        var review = reviews.Get(reviews.Ids[0])!;
        (review["id"], review["author_name"], review["description"]) = (id, author, text);
        reviews.Put(review);
        return id;
    }

    private static async Task<JsonNode?> GetAsync(CertificateDesk desk, string path)
        => JsonNode.Parse(await desk.App.Http.GetStringAsync(path, Cancellation));
}

using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Queues;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Catalogue;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Privacy;
using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Tests.Webhooks;
using Springest.Simulator.Behaviours;
using Springest.Testing;
using Springest.Testing.Catalogue;
using Springest.Testing.Certificates;
using Springest.Testing.Webhooks;

namespace Springest.Functions.Tests.Privacy;

/// <summary>A person is found and forgotten, wherever the app has anything about him.</summary>
public sealed class ForgetTests(AzuriteFixture azurite)
{
    private const string Email = "wim.canary@example.test";
    private const string Name = "Wim Canarissen";
    private const string Other = "jaap.wim.canary@example.test";

    private static readonly byte[] Sidecar = Encoding.UTF8.GetBytes(
        $$"""{"certification_id":3101,"email":"{{Email}}","valid_from":"2026-01-15"}""");

    // As an old editor saves it, which is not in UTF-8.
    private static readonly byte[] Unreadable = Encoding.Latin1.GetBytes(
        $$"""{"certification":"Prüfung","email":"{{Email}}","valid_from":"2026-01-15"}""");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_names_a_person_who_is_forgotten_and_the_same_certificate_is_not_sent_again()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await FillAsync(desk);
        var posts = desk.Posts.Count;
        var search = new StorageSearch(desk.App);
        Assert.True((await search.FindAsync(Email, Name)).Count > 20);
        var others = await FindOtherAsync();

        var named = (await AskAsync(desk, "find", new { name = Name })).Json.GetProperty("records").EnumerateArray().ToList();
        Assert.DoesNotContain(named, record => record.GetProperty("isCertain").GetBoolean());
        var found = named.Select(record => record.GetProperty("record").GetString()!).ToList();
        var byName = await AskAsync(desk, "forget", new { records = found });
        var byAddress = await AskAsync(desk, "forget", new { email = $" {Email.ToUpperInvariant()} " });
        await desk.App.FireAsync("CrawlReviews");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (byName.Status, byAddress.Status));
        // The other one's address holds the person's own, to whoever looks for letters only.
        Assert.Empty((await search.FindAsync(Email)).Except(await search.FindAsync(Other)));
        Assert.Empty(await search.FindAsync(Name));
        Assert.Equal(others, await FindOtherAsync());
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

        // But for the list that names both, and snapshots, which are written anew.
        async Task<List<string>> FindOtherAsync() =>
        [
            .. (await search.FindAsync(Other)).Where(at =>
                !at.Contains("manifest.csv", StringComparison.Ordinal) && !at.Contains("catalogue-exports", StringComparison.Ordinal)),
        ];
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
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var id = PutReview(desk, 900001, Name, "Prima cursus");
        await desk.App.FireAsync("CrawlReviews");

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(desk, "forget", new { records = (string[])[$"review:nl/{id}"] })).Status);
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
        await using var desk = await CertificateDesk.OpenAsync(azurite);
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
        await using var desk = await CertificateDesk.OpenAsync(azurite);
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
    public async Task A_file_that_is_named_is_removed_once_and_is_nothing_to_remove_after_that()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("a.pdf", "no pdf"u8.ToArray(), CertificateDesk.Fields(email: Email));
        await desk.SweepAsync();
        string[] named = [$"file:{desk.Rejected.Name}/nl/a.pdf"];

        var first = await AskAsync(desk, "forget", new { records = named });
        var second = await AskAsync(desk, "forget", new { records = named });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.Status, second.Status));
        Assert.Equal(1, first.Json.GetProperty("removed").GetProperty("file").GetInt32());
        Assert.Empty(second.Json.GetProperty("removed").EnumerateObject());
    }

    [Fact]
    public async Task What_storage_does_not_give_keeps_nobody_from_being_found_and_forgotten_and_is_told()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync(
            "map/manifest.csv", Encoding.UTF8.GetBytes($"file,certification_id,email,valid_from\nx.pdf,3101,{Other},2026-01-15\n"), []);
        await desk.App.DropAsync("map/x.pdf", CertificateDesk.Pdf("x"), []);
        await desk.DropAsync("a.pdf", metadata: CertificateDesk.Fields(email: Email));
        await desk.SweepAsync();
        await desk.SweepAsync();
        await desk.Accepted.GetBlobClient("nl/map/manifest.csv").SetAccessTierAsync(AccessTier.Archive, cancellationToken: Cancellation);

        var found = await AskAsync(desk, "find", new { email = Email });
        var forgotten = await AskAsync(desk, "forget", new { email = Email });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (found.Status, forgotten.Status));
        var unread = Assert.Single(
            found.Json.GetProperty("records").EnumerateArray(), record => !record.GetProperty("isCertain").GetBoolean());
        Assert.Equal($"file:{desk.Accepted.Name}/nl/map/manifest.csv", unread.GetProperty("record").GetString());
        Assert.All(
            [found.Json.GetProperty("notSearched"), forgotten.Json.GetProperty("remaining")],
            list => Assert.Contains(
                list.EnumerateArray(),
                rest => rest.GetProperty("what").GetString() == "files that storage does not give, such as archived ones: 1"));
        await desk.Accepted.GetBlobClient("nl/map/manifest.csv").SetAccessTierAsync(AccessTier.Hot, cancellationToken: Cancellation);
        Assert.Empty((await new StorageSearch(desk.App).FindAsync(Email)).Except(await new StorageSearch(desk.App).FindAsync(Other)));
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

    /// <summary>Nothing in it, nor its name, says whose it is: only the ledger knows, or a sidecar that nobody could read.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_version_that_a_refused_file_left_in_the_drop_is_removed_and_no_other(bool isSidecarUnreadable)
    {
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(azurite, new() { ["AzureWebJobsStorage"] = proxy.ConnectionString });
        if (isSidecarUnreadable)
            await desk.App.DropAsync("scan.pdf.json", Unreadable, []);
        await desk.App.DropAsync("scan.pdf", "no pdf"u8.ToArray(), isSidecarUnreadable ? [] : CertificateDesk.Fields(email: Email));
        var own = (await desk.Drop.GetBlobClient("nl/scan.pdf").GetPropertiesAsync(cancellationToken: Cancellation)).Value.ETag;
        await desk.SweepAsync();
        var (list, removed) = (Versions(("1", "0x8D1"), ("2", own.ToString().Trim('"'))), new ConcurrentQueue<string>());
        // Azurite has no versions.
        proxy.Exchange = async (request, send) =>
        {
            if (request.Query["versionid"] is [{ } version])
                removed.Enqueue($"{request.Method} {version}");
            return request.Query.ContainsKey("versionid") ? new HttpResponseMessage(HttpStatusCode.Accepted)
                : request.Query["prefix"] == "nl/scan.pdf" && request.Path.Value!.EndsWith(desk.Drop.Name, StringComparison.Ordinal)
                    ? new HttpResponseMessage { Content = new StringContent(list, Encoding.UTF8, "application/xml") }
                : await send();
        };

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(desk, "forget", new { email = Email })).Status);

        Assert.Equal(["DELETE 2"], removed);

        static string Versions(params (string Id, string ETag)[] versions)
            => $"""
                <?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>{string.Concat(versions.Select(version => $"""
                <Blob><Name>nl/scan.pdf</Name><VersionId>{version.Id}</VersionId><Properties><Etag>{version.ETag}</Etag>
                <Last-Modified>Mon, 05 Jan 2026 00:00:00 GMT</Last-Modified><Content-Length>5</Content-Length><BlobType>BlockBlob</BlobType>
                </Properties></Blob>
                """))}</Blobs><NextMarker /></EnumerationResults>
                """;
    }

    [Fact]
    public async Task A_version_that_storage_cannot_have_is_nothing_to_remove()
    {
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(
            azurite, new() { ["AzureWebJobsStorage"] = proxy.ConnectionString }, mirrored: false);
        // Azurite has no versions.
        proxy.Exchange = async (request, send) => request.Query["versionid"] == "x"
            ? new HttpResponseMessage(HttpStatusCode.BadRequest) { Headers = { { "x-ms-error-code", "InvalidQueryParameterValue" } } }
            : await send();

        var answer = await AskAsync(desk, "forget", new { records = (string[])[$"version:x/{desk.Drop.Name}/nl/a.pdf"] });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Empty(answer.Json.GetProperty("removed").EnumerateObject());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_lies_beside_a_rejected_file_is_removed_although_the_file_was_put_back_or_deleted(bool isPutBack)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync(
            "jo.pdf.json", Encoding.UTF8.GetBytes($$"""{"certification_id":3101,"email":"{{Email}}","valid_from":"2026-01-15"}"""), []);
        await desk.App.DropAsync("jo.pdf", "no pdf"u8.ToArray(), []);
        await desk.SweepAsync();
        if (isPutBack)
            await desk.PutBackAsync("jo.pdf");
        else
            await desk.Rejected.GetBlobClient("nl/jo.pdf").DeleteAsync(cancellationToken: Cancellation);

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(desk, "forget", new { email = Email })).Status);

        Assert.Empty(await new StorageSearch(desk.App).FindAsync(Email));
    }

    /// <summary>Neither the ledger nor a name says whose these files are: only a sidecar, or the report beside the file.</summary>
    [Fact]
    public async Task A_person_whom_only_a_refused_sidecar_or_a_report_names_is_found_and_forgotten()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.DropAsync("alone.json", Sidecar, []);
        await desk.App.DropAsync("misnamed.pdf.JSON", Sidecar, []);
        await using (var impatient = await desk.App.AnotherInstanceAsync(new() { ["Springest:Certificates:ManifestWait"] = "00:00:00" }))
            await impatient.FireAsync("SweepCertificates");
        await desk.App.DropAsync("unread.pdf.json", Unreadable, []);
        await desk.App.DropAsync("unread.pdf", CertificateDesk.Pdf(Email), []);
        // Another person's, to which the first sidecar would belong by its name.
        await desk.App.DropAsync("alone", "no pdf"u8.ToArray(), CertificateDesk.Fields(email: Other));
        await desk.App.DropAsync(
            "map/manifest.csv", Encoding.UTF8.GetBytes($"file,certification_id,email,valid_from\nx.pdf,3101,{Email},2026-01-15\n"), []);
        await desk.App.DropAsync("map/x.pdf", "no pdf"u8.ToArray(), []);
        await desk.SweepAsync();
        await desk.SweepAsync();
        // As after the restore of a copy, which has nothing about refused files.
        var rows = desk.App.Storage.Table(CertificateStorage.Submissions);
        await foreach (var row in rows.QueryAsync<TableEntity>("Blob eq 'nl/map/x.pdf'", cancellationToken: Cancellation))
            await rows.DeleteEntityAsync(row, cancellationToken: Cancellation);
        var search = new StorageSearch(desk.App);
        Assert.Equal(
            ["alone.json", "map/x.pdf.rejection.json", "misnamed.pdf.JSON", "unread.pdf", "unread.pdf.json"],
            (await search.FindAsync(Email)).Except(await search.FindAsync(Other))
                .Where(at => at.StartsWith(desk.Rejected.Name, StringComparison.Ordinal)
                    && !at.Contains("rejections.", StringComparison.Ordinal) && !at.Contains("manifest", StringComparison.Ordinal))
                .Select(at => at[(desk.Rejected.Name.Length + " nl/".Length)..]).Order(StringComparer.Ordinal));

        var found = await AskAsync(desk, "find", new { email = Email });
        var forgotten = await AskAsync(desk, "forget", new { email = Email });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (found.Status, forgotten.Status));
        Assert.Empty((await search.FindAsync(Email)).Except(await search.FindAsync(Other)));
        Assert.Equal(["nl/alone", "nl/alone.rejection.json"], await CertificateDesk.NamesAsync(desk.Rejected));
        Assert.Contains(
            found.Json.GetProperty("notSearched").EnumerateArray(),
            rest => rest.GetProperty("what").GetString()!.StartsWith("contents of PDFs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_persons_file_stays_beside_a_sidecar_that_names_somebody_who_is_forgotten()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var mentions = $$"""{"certification_id":3101,"email":"{{Other}}","valid_from":"2026-01-15","_note":"ask {{Email}}"}""";
        await desk.App.DropAsync("mentions.pdf.json", Encoding.UTF8.GetBytes(mentions), []);
        await desk.App.DropAsync("mentions.pdf", "no pdf"u8.ToArray(), []);
        await desk.App.DropAsync("left.pdf.json", Sidecar, []);
        await desk.App.DropAsync("left.pdf", "no pdf"u8.ToArray(), []);
        await desk.SweepAsync();
        // A person takes the file away and leaves what lies beside it; then another one of that name is rejected.
        var (left, sidecar) = (desk.Rejected.GetBlobClient("nl/left.pdf"), desk.Rejected.GetBlobClient("nl/left.pdf.json"));
        await left.DeleteAsync(cancellationToken: Cancellation);
        await desk.App.DropAsync("left.pdf", "no pdf either"u8.ToArray(), CertificateDesk.Fields(email: Other));
        await desk.SweepAsync();
        BlobProperties file = await left.GetPropertiesAsync(cancellationToken: Cancellation);
        // Times of blobs are in whole seconds.
        await Eventually.BeAsync(async () =>
        {
            var written = (await sidecar.GetPropertiesAsync(cancellationToken: Cancellation)).Value.LastModified;
            return written < (await left.SetMetadataAsync(file.Metadata, cancellationToken: Cancellation)).Value.LastModified;
        });
        var before = await CertificateDesk.NamesAsync(desk.Rejected);
        Assert.Contains("nl/left.pdf.json", before);

        var found = await AskAsync(desk, "find", new { email = Email });
        await AskAsync(desk, "forget", new { email = Email });

        Assert.Equal(before.Where(name => name != "nl/left.pdf.json"), await CertificateDesk.NamesAsync(desk.Rejected));
        Assert.False(found.Json.GetProperty("records").EnumerateArray()
            .Single(record => record.GetProperty("record").GetString()!.EndsWith("/nl/mentions.pdf.json", StringComparison.Ordinal))
            .GetProperty("isCertain").GetBoolean());
    }

    /// <summary>The sheets are made again without it, also if they were being written when it was forgotten.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rejected_file_that_is_forgotten_is_in_no_sheet_any_more(bool isBeingWritten)
    {
        var clock = new ShiftedClock();
        await using var proxy = await StorageProxy.StartAsync(azurite.Azurite, Cancellation);
        await using var desk = await CertificateDesk.OpenAsync(
            azurite, new() { ["AzureWebJobsStorage"] = proxy.ConnectionString },
            services: services => services.AddSingleton<TimeProvider>(clock));
        foreach (var name in (string[])["fr/jo-canary-jansen.pdf", "fr/of-somebody-else.pdf"])
            await desk.Drop.GetBlobClient(name).UploadAsync(new BinaryData(CertificateDesk.Pdf("x")), Cancellation);
        var isForgotten = !isBeingWritten;
        proxy.Exchange = async (request, send) =>
        {
            if (!isForgotten && request.Method == HttpMethods.Put
                && request.Path.Value!.EndsWith("/fr/rejections.csv", StringComparison.Ordinal))
            {
                isForgotten = true;
                await ForgetAsync();
            }

            return await send();
        };
        await desk.SweepAsync();
        var search = new StorageSearch(desk.App);
        if (!isBeingWritten)
        {
            Assert.Contains($"{desk.Rejected.Name} fr/rejections.csv", await search.FindAsync("jo-canary-jansen"));
            await ForgetAsync();
        }

        Assert.Empty(await search.FindAsync("jo-canary-jansen"));

        clock.Shift = TimeSpan.FromMinutes(6);
        await desk.SweepAsync();
        var sheet = await desk.Rejected.GetBlobClient("fr/rejections.csv").DownloadContentAsync(Cancellation);
        Assert.Contains("of-somebody-else.pdf", sheet.Value.Content.ToString(), StringComparison.Ordinal);
        Assert.Empty(await search.FindAsync("jo-canary-jansen"));

        async Task ForgetAsync()
        {
            var row = await desk.Ledger.ListAsync(SubmissionState.Rejected, CertificateLedger.NoSite, Cancellation)
                .SingleAsync(row => row.Blob == "fr/jo-canary-jansen.pdf", Cancellation);
            var answer = await AskAsync(
                desk, "forget", new { records = (string[])[$"certificate:{CertificateLedger.NoSite}/{row.RowKey}"] });
            Assert.Equal(HttpStatusCode.OK, answer.Status);
        }
    }

    /// <summary>Spreadsheets escape some letters, and a text of which a part is bold consists of several.</summary>
    [Theory]
    [InlineData("<si><t>o&apos;neill@example.test</t></si>")]
    [InlineData("<si><t>o_x0027_neill@example.test</t></si>")]
    [InlineData("<si><r><t>o'neill</t></r><r><rPr><b/></rPr><t>@example.test</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si>")]
    public async Task A_workbook_names_a_person_however_it_is_written(string text)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var book = SampleWorkbook.Of(["file", "certification_id", "email", "valid_from"], ["x.pdf", "3101", "?", "2026-01-15"]);
        book.Texts[6] = text;
        await desk.App.DropAsync("manifest.xlsx", book.ToBytes(), []);
        await desk.App.DropAsync("x.pdf", CertificateDesk.Pdf("x"), []);
        await desk.SweepAsync();
        await desk.SweepAsync();
        Assert.Equal("o'neill@example.test", Assert.Single(desk.AtSpringest).Fields["email"]);
        Assert.Contains("nl/manifest.xlsx", await CertificateDesk.NamesAsync(desk.Accepted));

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(desk, "forget", new { email = "o'neill@example.test" })).Status);

        Assert.Empty(await CertificateDesk.NamesAsync(desk.Accepted));
    }

    [Fact]
    public async Task While_reviews_are_paused_their_snapshots_are_replaced_all_the_same()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
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
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await FillAsync(desk);
        var posts = desk.Posts.Count;

        var forget = AskAsync(desk, "forget", new { email = Email });
        await Task.WhenAll(
            forget, desk.App.FireAsync("VerifyCertificates"), desk.App.FireAsync("ExportCertificates"), desk.SweepAsync());
        await desk.App.FireAsync("RemoveOldData");
        await desk.App.FireAsync("CrawlReviews");

        var search = new StorageSearch(desk.App);
        Assert.Empty((await search.FindAsync(Email)).Except(await search.FindAsync(Other)));
        Assert.Equal(posts, desk.Posts.Count);
    }

    [Theory]
    [InlineData("find", "{}")]
    [InlineData("find", "{\"email\":\"jo\"}")]
    [InlineData("find", "{\"name\":\"J\"}")]
    [InlineData("find", "{\"email\":\"jo@example.test\",\"name\":\"Jo Jansen\"}")]
    [InlineData("find", "no json")]
    [InlineData("forget", "{\"name\":\"Jo Jansen\"}")]
    [InlineData("forget", "{\"email\":\"@\"}")]
    [InlineData("forget", "{\"records\":[]}")]
    [InlineData("forget", "{\"records\":[\"review\"]}")]
    [InlineData("forget", "{\"email\":\"jo@example.test\",\"records\":[\"review:nl/7\"]}")]
    public async Task A_body_that_names_nobody_is_refused_with_what_would_be_right(string path, string body)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, mirrored: false);
        var answer = await new WebhookDriver(desk.App).SendAsync(
            HttpMethod.Post, $"manage/people/{path}", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("such as", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(26, 3)]
    [InlineData(25, 3_000)]
    public async Task More_records_than_can_be_written_down_are_refused(int count, int length)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, mirrored: false);
        var records = Enumerable.Range(1, count).Select(i => $"file:{i}/{new string('x', length)}");
        var answer = await AskAsync(desk, "forget", new { records });
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("At most 25 records", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certificate:nl/0123")]
    [InlineData("certificate:xx/0123")]
    [InlineData("conversion:nl/7")]
    [InlineData("conversion:nl/x")]
    [InlineData("review:nl/7")]
    [InlineData("file:elsewhere/nl/x.pdf")]
    [InlineData("nothing:nl/7")]
    public async Task A_record_that_is_not_there_is_nothing_to_remove(string record)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite, mirrored: false);
        var answer = await AskAsync(desk, "forget", new { records = (string[])[record] });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Empty(answer.Json.GetProperty("removed").EnumerateObject());
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

using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Springest.Functions.Certificates.Ledger;
using Springest.Functions.Certificates.Submission;
using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator.Behaviours;
using Springest.Testing;
using Springest.Testing.Catalogue;
using Springest.Testing.Certificates;

namespace Springest.Functions.Tests.WebConsole;

/// <summary>What an office does all day, in the page and nowhere else.</summary>
public sealed class ConsoleTests(AzuriteFixture azurite) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("lijst.csv")]
    [InlineData("lijst.xlsx")]
    public async Task Twenty_files_with_a_list_are_checked_and_all_that_are_right_are_sent_at_one_click(string name)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await using var page = await ConsolePage.OpenAsync(desk.App);
        var files = Enumerable.Range(1, 20).Select(i => Write($"Deelnemer {i:00} é.pdf", SamplePdf.Create($"nr {i}"))).ToList();
        string[] columns = ["bestand", "certificering_id", "e-mail", "geldig_vanaf"];
        var rows = Enumerable.Range(1, 20).Select(i => new[]
        {
            $"Deelnemer {i:00} é.pdf", i == 3 ? "1" : "3101", i == 7 ? "niet-een-adres" : $"deelnemer{i}@example.test",
            i == 11 ? "31-02-2026" : "2026-03-01",
        }).ToList();
        var list = Write(name, ListOf(name, [columns, .. rows]));

        await page.GoAsync("certificates");
        await UploadAsync(page, [.. files, list]);
        await page.SeesAsync("17 will be sent, 3 are wrong.");

        var wrong = await page.Page.EvaluateExpressionAsync<string[]>(
            "[...document.querySelectorAll('[data-key^=bad]')].map(row => row.innerText.replaceAll('\\t', ' '))");
        Assert.Equal(3, wrong.Length);
        Assert.StartsWith("4 ", wrong[0], StringComparison.Ordinal);
        Assert.Contains("niet-een-adres", wrong[1], StringComparison.Ordinal);
        Assert.Empty(desk.AtSpringest);

        await page.PressAsync("Send 17");
        await page.SeesAsync("17 are sent, 3 were wrong.");
        await desk.SweepAsync();

        Assert.Equal(17, desk.AtSpringest.Count);
        // The list is corrected and chosen once more.
        foreach (var (i, row) in rows.Index())
            (row[1], row[2], row[3]) = ("3101", $"deelnemer{i + 1}@example.test", "2026-03-01");
        await UploadAsync(page, [Write(name, ListOf(name, [columns, .. rows]))]);
        await page.PressAsync("Send 3");
        await page.SeesAsync("20 are sent, 0 were wrong.");
        await desk.SweepAsync();

        Assert.Equal(20, desk.AtSpringest.Select(each => each.Fields["email"]).Distinct().Count());
        await foreach (var blob in desk.Accepted.GetBlobsAsync(
            Azure.Storage.Blobs.Models.BlobTraits.Metadata, Azure.Storage.Blobs.Models.BlobStates.None, "nl/", Cancellation))
        {
            if (blob.Name.EndsWith(".pdf", StringComparison.Ordinal))
                Assert.Equal("olga", blob.Metadata["springest_uploaded_by"]);
        }
    }

    [Fact]
    public async Task File_of_several_parts_arrives_byte_by_byte()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await using var page = await ConsolePage.OpenAsync(desk.App);
        var bytes = SamplePdf.Create(new string('x', 3_500_000));

        await page.GoAsync("certificates");
        await UploadAsync(page, [Write("3101_jo@example.test_2026-03-01.pdf", bytes)]);
        await page.PressAsync("Send 1");
        await page.SeesAsync("1 are sent, 0 were wrong.");
        await desk.SweepAsync();

        Assert.Equal(bytes.Length, Assert.Single(desk.AtSpringest).Size);
    }

    /// <summary>Two folders have files of the same name for different people; one is chosen by mistake, or both are sent in turn.</summary>
    [Fact]
    public async Task Files_of_one_folder_are_never_sent_as_those_of_another()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await using var page = await ConsolePage.OpenAsync(desk.App);
        // Told apart by their lengths.
        byte[][] pdfs = [.. Enumerable.Range(1, 4).Select(i => SamplePdf.Create(new string('x', i)))];
        var (ann, bob, carl, dora) = (pdfs[0], pdfs[1], pdfs[2], pdfs[3]);
        await page.GoAsync("certificates");

        await UploadAsync(page, [ListFor("a", "ann"), Write("a/1.pdf", ann), Write("a/2.pdf", ann)]);
        await page.SeesAsync("2 will be sent, 0 are wrong.");
        // Of the second folder a file is missing: the first folder's must not take its place.
        await UploadAsync(page, [ListFor("b", "bob"), Write("b/1.pdf", bob)]);
        await page.SeesAsync("1 will be sent, 1 are wrong.");
        await page.PressAsync("Send 1");
        await page.SeesAsync("1 are sent, 1 were wrong.");
        Assert.Equal([(bob.Length, "bob1@example.test")], await SentAsync(desk));

        // It is found.
        await UploadAsync(page, [Write("b/2.pdf", carl)]);
        await page.PressAsync("Send 1");
        await page.SeesAsync("2 are sent, 0 were wrong.");
        Assert.Equal([(bob.Length, "bob1@example.test"), (carl.Length, "bob2@example.test")], await SentAsync(desk));

        // All of that is sent: what is chosen now is of another folder, and without a list as long as that is not chosen.
        await UploadAsync(page, [Write("c/1.pdf", dora)]);
        await page.SeesAsync("0 will be sent, 1 are wrong.");
        await UploadAsync(page, [ListFor("c", "dora")]);
        await page.SeesAsync("1 will be sent, 1 are wrong.");
        await page.PressAsync("Send 1");
        await page.SeesAsync("1 are sent, 1 were wrong.");
        Assert.Contains((dora.Length, "dora1@example.test"), await SentAsync(desk));

        // The list is corrected: a sent file goes to another person only if it is chosen again.
        await UploadAsync(page, [ListFor("d", "eva")]);
        await page.SeesAsync("0 will be sent, 2 are wrong.");
        await UploadAsync(page, [Write("d/1.pdf", ann), Write("d/2.pdf", ann)]);
        await page.PressAsync("Send 2");
        await page.SeesAsync("2 are sent, 0 were wrong.");
        var sent = await SentAsync(desk);
        Assert.Equal(5, sent.Count);
        Assert.Contains((ann.Length, "eva1@example.test"), sent);
    }

    [Fact]
    public async Task An_answer_about_files_that_are_not_chosen_any_more_is_passed_over()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await using var page = await ConsolePage.OpenAsync(desk.App);
        var (ann, bob) = (SamplePdf.Create("x"), SamplePdf.Create("xx"));
        await page.GoAsync("certificates");
        await page.HoldAsync("/check");

        await UploadAsync(page, [ListFor("a", "ann"), Write("a/1.pdf", ann)]);
        await page.IsHeldAsync();
        await UploadAsync(page, [ListFor("b", "bob"), Write("b/1.pdf", bob)]);
        await page.SeesAsync("1 will be sent, 1 are wrong.");
        await page.LetThroughAsync();
        await page.PressAsync("Send 1");
        await page.SeesAsync("1 are sent, 1 were wrong.");

        Assert.Equal([(bob.Length, "bob1@example.test")], await SentAsync(desk));
    }

    [Fact]
    public async Task Doubt_is_found_understood_and_decided_with_three_clicks()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        desk.App.Simulator.Behaviour.Faults.Add(new Fault { Kind = FaultKind.Close, Method = "POST" });
        await desk.DropAsync("<img src=x onerror=document.title='hostile'>.pdf");
        await desk.SweepAsync();
        await desk.App.Get<CertificateLedger>().FlushAsync(Cancellation);
        await using var page = await ConsolePage.OpenAsync(desk.App);

        await page.PressAsync("Check now");
        await page.SeesAsync("Did it arrive?");
        Assert.Contains("<img src=x onerror=", await page.TextAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("hostile", await page.Page.GetTitleAsync(), StringComparison.Ordinal);
        await page.PressAsync("It arrived");
        await page.Page.WaitForSelectorAsync("dialog[open]");
        await page.Page.TypeAsync("#given", "77001");
        await page.Page.ClickAsync("dialog button.first");
        await page.Page.WaitForFunctionAsync("() => /Done:|Not done:/.test(document.getElementById('said').textContent)");

        var said = await page.Page.EvaluateExpressionAsync<string>("document.getElementById('said').textContent");
        Assert.True(said.StartsWith("Done: ", StringComparison.Ordinal) || said.Contains("on its way", StringComparison.Ordinal), said);
    }

    [Fact]
    public async Task Rejection_is_closed_and_its_history_says_by_whom()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("nothing said.pdf", metadata: new() { ["certification_id"] = "9" });
        await desk.SweepAsync();
        await using var page = await ConsolePage.OpenAsync(desk.App);
        await page.PressAsync("Check now");
        await page.SeesAsync("nl/nothing said.pdf");

        await page.DecideAsync("Close: nl/nothing said.pdf");
        await page.SeesAsync("Nothing needs you.");
        await page.UndoAsync();
        await page.SeesAsync("nl/nothing said.pdf");
        await page.DecideAsync("Close: nl/nothing said.pdf");
        await page.SeesAsync("Nothing needs you.");

        await page.GoAsync("certificates");
        await page.Page.SelectAsync("#state", "Rejected");
        await page.PressAsync("Details: nothing said.pdf");
        await page.SeesAsync("olga (operator)");
        await page.SeesAsync("opened again");
        await page.DecideAsync("Open again");
        await page.GoAsync("todo");
        await page.SeesAsync("nl/nothing said.pdf");
    }

    [Fact]
    public async Task Duplicate_is_let_through_and_its_file_sent_once_more()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("first.pdf", metadata: CertificateDesk.Fields(email: "jo@example.test"));
        await desk.SweepAsync();
        await desk.DropAsync("second.pdf", metadata: CertificateDesk.Fields(email: "jo@example.test"));
        await desk.SweepAsync();
        await using var page = await ConsolePage.OpenAsync(desk.App);
        await page.GoAsync("certificates");
        await page.Page.SelectAsync("#state", "Duplicate");
        await page.PressAsync("Details: second.pdf");
        await page.DecideAsync("Submit all the same");
        await page.SeesAsync("Send the file again now.");
        await page.SeesAsync("released although a duplicate");
        var view = await page.Page.EvaluateExpressionAsync<string>("document.getElementById('view').innerText");
        Assert.DoesNotContain("Submit all the same", view, StringComparison.Ordinal);

        await desk.DropAsync("second.pdf", metadata: CertificateDesk.Fields(email: "jo@example.test"));
        await desk.SweepAsync();

        Assert.Equal(2, desk.AtSpringest.Count);
    }

    [Fact]
    public async Task What_was_done_to_many_at_once_is_undone_at_once()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("one.pdf", metadata: new() { ["certification_id"] = "9" });
        await desk.DropAsync("two.pdf", metadata: new() { ["certification_id"] = "8" });
        await desk.SweepAsync();
        await using var page = await ConsolePage.OpenAsync(desk.App);
        await page.PressAsync("Check now");
        await page.SeesAsync("nl/one.pdf");

        await page.DecideAsync("Close: all 2 (Rejected)");
        await page.SeesAsync("Nothing needs you.");
        await page.UndoAsync();
        await page.SeesAsync("nl/one.pdf");
        await page.SeesAsync("nl/two.pdf");
    }

    [Fact]
    public async Task App_that_is_not_set_up_says_so_in_the_reader_s_language()
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);
        await using var page = await ConsolePage.OpenAsync(app, key: null, language: "nl");
        await page.Page.EvaluateExpressionAsync(
            "window.fetch = async () => Response.json({ detail: 'No keys.' }, { status: 503 })");
        await page.Page.TypeAsync("#key", TestApp.OperatorKey);
        await page.Page.Keyboard.PressAsync("Enter");

        await page.SeesAsync("De app is nog niet klaar voor gebruik");
        await page.SeesAsync("No keys.");
    }

    [Fact]
    public async Task Certificate_is_found_by_its_certification_in_a_month()
    {
        var clock = ShiftedClock.InNextMonth();
        await using var desk = await CertificateDesk.OpenAsync(
            azurite, services: services => services.AddSingleton<TimeProvider>(clock));
        await desk.DropAsync("found.pdf");
        await desk.SweepAsync();
        await using var page = await ConsolePage.OpenAsync(desk.App);
        await page.GoAsync("certificates");
        await page.Page.SelectAsync("#finder", "certificationId");
        await page.Page.WaitForSelectorAsync("#month");
        await page.Page.TypeAsync("#wanted", "3101");
        await page.Page.EvaluateExpressionAsync($"document.getElementById('month').value = '{clock.GetUtcNow():yyyy-MM}'");
        await page.PressAsync("Search");
        await page.SeesAsync("Found: 1");

        await page.Page.EvaluateExpressionAsync("document.getElementById('month').value = '2020-01'");
        await page.PressAsync("Search");
        await page.SeesAsync("Nothing found.");
    }

    [Theory]
    [InlineData("certificates", "Start sending: nl")]
    [InlineData("todo", "Start sending: certificates")]
    [InlineData("todo", "Start sending: all 2 (Certification refused)")]
    public async Task A_start_after_the_loss_of_a_ledger_asks_whether_it_is_restored_and_is_refused_until_then(string view, string button)
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        var gate = desk.App.Get<SendingGate>();
        foreach (var certification in (long[])[1, 2])
            await gate.NoteRefusedAsync(new() { PartitionKey = "nl", CertificationId = certification }, "403", Cancellation);
        await gate.StopAsync("nl", DateTimeOffset.UnixEpoch, null, Cancellation);
        await desk.App.FireAsync("Measure");
        await using var page = await ConsolePage.OpenAsync(desk.App);

        await page.GoAsync(view);
        await page.PressAsync(button);

        await page.SeesAsync("Start only once the ledger of nl is restored.");
        await page.Page.ClickAsync("dialog button.first");
        await page.SeesAsync("Not done: The ledger of 'nl' has yet to be restored.");
    }

    [Fact]
    public async Task Sending_is_stopped_and_started_and_the_mirror_commanded()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await using var page = await ConsolePage.OpenAsync(desk.App);

        await page.GoAsync("certificates");
        await page.DecideAsync("Stop sending: nl");
        await page.SeesAsync("sending is stopped");
        await page.GoAsync("todo");
        await page.SeesAsync("The sending of certificates for nl is stopped, by olga (operator).");
        await page.DecideAsync("Start sending: olga (operator)");
        await page.SeesAsync("Nothing needs you.");
        await page.UndoAsync();
        await page.SeesAsync("The sending of certificates for nl is stopped, by olga (operator).");
        await page.DecideAsync("Start sending: olga (operator)");
        await page.SeesAsync("Nothing needs you.");
        await page.GoAsync("mirror");
        await page.DecideAsync("Pause: Certifications");
        await desk.App.FireAsync("CrawlCertifications");
        await page.PressAsync("Check now");
        await page.SeesAsync("Paused");
        await page.GoAsync("todo");
        await page.DecideAsync("Resume: Certifications");
        await desk.App.FireAsync("CrawlCertifications");
        await page.UndoAsync();
        await desk.App.FireAsync("CrawlCertifications");
        await page.PressAsync("Check now");
        await page.SeesAsync("Resume");
    }

    [Fact]
    public async Task Viewer_sees_everything_and_no_button_that_decides()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.DropAsync("nothing said.pdf", metadata: new() { ["certification_id"] = "9" });
        await desk.SweepAsync();
        await using var page = await ConsolePage.OpenAsync(desk.App, TestApp.ViewerKey);
        string[] harmless = ["Check now", "Sign out", "Details", "Search", "The last passes", "Close", "Show more"];

        foreach (var view in (string[])["todo", "certificates", "mirror", "webhooks", "quota"])
        {
            await page.GoAsync(view);
            Assert.Empty((await page.ButtonsAsync()).Except(harmless));
            Assert.Equal(0, await page.Page.EvaluateExpressionAsync<int>("document.querySelectorAll('input[type=file]').length"));
        }
    }

    [Theory]
    [InlineData("canary-wrong", "This key is unknown.")]
    [InlineData(TestApp.ReaderKey, "This key does not open the console.")]
    public async Task Key_that_opens_nothing_is_told_and_forgotten(string key, string sentence)
    {
        await using var app = await TestApp.StartAsync(azurite.Azurite);
        await using var page = await ConsolePage.OpenAsync(app, key);

        await page.SeesAsync(sentence);

        Assert.DoesNotContain("canary", await page.Page.GetContentAsync(), StringComparison.Ordinal);
        Assert.Null(await page.Page.EvaluateExpressionAsync<string?>("sessionStorage.getItem('key')"));
        Assert.DoesNotContain(key, page.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_reads_and_types_survives_what_is_new()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await using var page = await ConsolePage.OpenAsync(desk.App);
        await page.GoAsync("certificates");
        await page.Page.TypeAsync("#wanted", "jo@example");
        await desk.DropAsync("nothing said.pdf", metadata: new() { ["certification_id"] = "9" });
        await desk.SweepAsync();

        await page.Page.EvaluateFunctionAsync("async () => (await import('./console/app.js')).refresh(true)");
        await page.Page.WaitForSelectorAsync(".badge");

        Assert.Equal(
            ["jo@example", "wanted"],
            await page.Page.EvaluateExpressionAsync<string[]>("[document.getElementById('wanted').value, document.activeElement.id]"));
    }

    [Fact]
    public async Task Page_that_stays_open_asks_ever_more_seldom_and_is_told_that_nothing_changed()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.FireAsync("Measure");
        using var first = await desk.App.Http.GetAsync("todo", Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, "todo");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        await desk.App.FireAsync("Measure");

        using var again = await desk.App.Http.SendAsync(request, Cancellation);

        Assert.Equal(System.Net.HttpStatusCode.NotModified, again.StatusCode);
        Assert.True(again.Content.Headers.LastModified >= first.Content.Headers.LastModified);
        var list = JsonDocument.Parse(await first.Content.ReadAsStringAsync(Cancellation)).RootElement;
        Assert.Equal(("vic", "viewer"), (list.GetProperty("name").GetString(), list.GetProperty("role").GetString()));
    }

    /// <summary>One page that is open for 8 hours on 22 days costs at most 3,520 executions a month.</summary>
    [Fact]
    public async Task Idle_hour_costs_few_requests_and_a_hidden_tab_none()
    {
        await using var desk = await CertificateDesk.OpenAsync(azurite);
        await desk.App.FireAsync("Measure");
        await using var page = await ConsolePage.OpenAsync(desk.App);
        // An hour, as the page's own timers count it, goes by at once.
        await page.Page.EvaluateFunctionAsync("""
            async () => {
              [window.asked, window.passed] = [0, 0];
              const [ask, wait] = [window.fetch, window.setTimeout];
              window.fetch = (address, options) => { window.asked++; return ask(address, options); };
              window.setTimeout = (work, time) => {
                window.passed += time;
                return window.passed < 3600000 ? wait(work, 0) : 0;
              };
              await (await import('./console/app.js')).refresh();
            }
            """);
        await page.Page.WaitForFunctionAsync("() => window.passed >= 3600000");
        var requests = await page.Page.EvaluateExpressionAsync<int>("window.asked");
        await page.Page.EvaluateFunctionAsync("""
            async () => {
              Object.defineProperty(document, 'hidden', { value: true });
              window.passed = 0;
              await (await import('./console/app.js')).refresh();
            }
            """);

        Assert.InRange(requests, 10, 20);
        Assert.True(requests * 8 * 22 <= 10_000, $"{requests} requests an hour");
        Assert.Equal(0, await page.Page.EvaluateExpressionAsync<int>("window.passed"));
    }

    private static async Task UploadAsync(ConsolePage page, string[] files)
    {
        var input = (await page.Page.QuerySelectorAsync("#upload-files"))!;
        await input.UploadFileAsync(files);
    }

    private string ListFor(string folder, string person) => Write(
        $"{folder}/list.csv",
        ListOf("list.csv", [["file", "certification_id", "email", "valid_from"],
            .. Enumerable.Range(1, 2).Select(i => new[] { $"{i}.pdf", "3101", $"{person}{i}@example.test", "2026-03-01" })]));

    /// <summary>The files in the drop, and whom each is for.</summary>
    private static async Task<List<(int Length, string Email)>> SentAsync(CertificateDesk desk)
    {
        var sent = new List<(int, string)>();
        var names = await CertificateDesk.NamesAsync(desk.Drop);
        foreach (var name in names.Where(name => name.EndsWith(".pdf", StringComparison.Ordinal)))
        {
            var file = (await desk.Drop.GetBlobClient(name).DownloadContentAsync(Cancellation)).Value;
            var fields = (await desk.Drop.GetBlobClient($"{name}.json").DownloadContentAsync(Cancellation)).Value.Content;
            sent.Add(((int)file.Details.ContentLength, JsonElement.Parse(fields.ToString()).GetProperty("email").GetString()!));
        }

        return [.. sent.OrderBy(each => each.Item2)];
    }

    private static byte[] ListOf(string name, string[][] rows)
        => name.EndsWith(".xlsx", StringComparison.Ordinal)
            ? SampleWorkbook.Of(rows).ToBytes()
            : Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => string.Join(';', row) + "\n")));

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }
}

using System.Security.Cryptography;
using Springest.EndToEnd.Tests.Surroundings;

namespace Springest.EndToEnd.Tests.Outside;

/// <summary>Files that come into the drop, announced by Event Grid or found by the sweep.</summary>
public abstract class CertificateTests(World world, Topology topology) : OutsideTests(world, topology)
{
    [Fact]
    public async Task A_certificate_is_submitted_and_gets_its_receipt()
    {
        await App.FilledAsync();
        var (file, content, email) = Certificates.Make(App);

        var blob = await App.DropAsync(file, content);
        var receipt = await Certificates.ReceiptAsync(App, blob);

        Assert.Equal("accepted", receipt.GetProperty("state").GetString());
        Assert.Equal(email, receipt.GetProperty("email").GetString());
        var posted = Assert.Single(App.Simulator.Certificates.Snapshot(), posted => posted.Fields["email"] == email);
        Assert.Equal(posted.Id, receipt.GetProperty("certificateId").GetInt64());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), posted.Sha256);
        await Eventually.BeAsync(
            "the file has left the drop",
            async () => !await App.Drop.GetBlobClient(blob).ExistsAsync(TestContext.Current.CancellationToken));
        var listed = (await App.GetAsync("api/certificates?state=Accepted&top=200"))
            .Json.GetProperty("items")
            .EnumerateArray()
            .Single(row => row.GetProperty("submission").GetString() == receipt.GetProperty("submission").GetString());
        var row = await App.GetAsync($"api/certificates/nl/{listed.GetProperty("submission").GetString()}");
        Assert.Equal(200, (int)row.Status);
        Assert.Equal("accepted", row.Json.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_person_is_found_and_forgotten_and_still_not_submitted_twice()
    {
        await App.FilledAsync();
        var (file, content, email) = Certificates.Make(App);
        await Certificates.ReceiptAsync(App, await App.DropAsync(file, content));

        var found = (await PostAsync("find", email)).Json.GetProperty("records").EnumerateArray().ToList();
        Assert.Contains(found, record => record.GetProperty("kind").GetString() == "certificate");
        // While its file is on its way out of the drop it is awaited.
        await Eventually.BeAsync("the person is forgotten", async () => (int)(await PostAsync("forget", email)).Status == 200);

        Assert.Empty((await PostAsync("find", email)).Json.GetProperty("records").EnumerateArray());
        await Certificates.RejectionAsync(App, await App.DropAsync($"again/{file}", content));
        Assert.Equal(1, Certificates.Posted(App, email));

        async Task<Answer> PostAsync(string command, string address)
        {
            using var body = new StringContent($$"""{"email":"{{address}}"}""");
            return await App.SendAsync("POST", $"api/manage/people/{command}", App.Keys.Operator, body);
        }
    }

    [Fact]
    public async Task A_file_that_is_cut_off_is_rejected_and_says_why()
    {
        await App.FilledAsync();
        var (file, content, email) = Certificates.Make(App);

        var blob = await App.DropAsync(file, content[..300]);
        var rejection = await Certificates.RejectionAsync(App, blob);

        Assert.Equal("rejected", rejection.GetProperty("state").GetString());
        Assert.Equal("file_is_cut_off", rejection.GetProperty("code").GetString());
        Assert.False(string.IsNullOrWhiteSpace(rejection.GetProperty("message").GetString()));
        Assert.Equal(0, Certificates.Posted(App, email));
    }

    [Fact]
    public async Task The_same_certificate_is_not_submitted_twice()
    {
        await App.FilledAsync();
        var (file, content, email) = Certificates.Make(App);
        var first = await Certificates.ReceiptAsync(App, await App.DropAsync(file, content));

        var again = await App.DropAsync($"again/{file}", content);
        var second = await Eventually.SeeAsync(
            "the second file is filed",
            async ()
                => await App.Accepted.GetBlobClient($"{again}.receipt.json").ExistsAsync(TestContext.Current.CancellationToken)
                || await App.Rejected.GetBlobClient($"{again}.rejection.json").ExistsAsync(TestContext.Current.CancellationToken)
                    ? "filed"
                    : null);

        Assert.NotNull(second);
        Assert.Equal(1, Certificates.Posted(App, email));
        Assert.Equal("accepted", first.GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("an event")]
    [InlineData("two events")]
    [InlineData("ten events at once")]
    [InlineData("no event, the sweep")]
    public async Task A_file_is_submitted_once_however_often_it_is_announced(string by)
    {
        await App.FilledAsync();
        var (file, content, email) = Certificates.Make(App);
        var blob = await App.DropSilentlyAsync(file, content);

        if (by.Contains("sweep", StringComparison.Ordinal))
            await App.FireAsync("SweepCertificates");
        else
        {
            var announced = BlobEvent.Created(App.Drop, blob);
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(
                        0,
                        by.StartsWith("ten", StringComparison.Ordinal) ? 10
                            : by.StartsWith("two", StringComparison.Ordinal) ? 2
                            : 1)
                    .Select(_ => App.DeliverAsync(announced)));
            Assert.All(answers, answer => Assert.InRange((int)answer.Status, 200, 202));
            await App.AllEventsAreDealtWithAsync();
        }

        Assert.Equal("accepted", (await Certificates.ReceiptAsync(App, blob)).GetProperty("state").GetString());
        Assert.Equal(1, Certificates.Posted(App, email));
    }

    [Fact]
    public async Task Event_Grid_is_told_that_its_events_are_wanted()
    {
        var code = Guid.NewGuid().ToString();

        var answer = await App.DeliverAsync(BlobEvent.Validation(code), "SubscriptionValidation");
        var refused = await App.DeliverAsync(BlobEvent.Validation(code), "SubscriptionValidation", App.Keys.Function);

        Assert.Equal(200, (int)answer.Status);
        Assert.Equal(code, answer.Json.GetProperty("validationResponse").GetString());
        Assert.Equal(403, (int)refused.Status);
        Assert.DoesNotContain(code, refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_that_mean_nothing_here_do_no_harm()
    {
        await App.FilledAsync();
        var (file, content, _) = Certificates.Make(App);
        string[] strange =
        [
            BlobEvent.Created(App.Drop, "nl/there is no such file.pdf"),
            BlobEvent.Created(App.Accepted, "nl/elsewhere.pdf"),
            BlobEvent.Of("Microsoft.Storage.BlobDeleted", App.Drop, "nl/removed.pdf"),
        ];

        foreach (var events in strange)
            Assert.InRange((int)(await App.DeliverAsync(events)).Status, 200, 202);

        // What is announced after them is worked on as ever.
        Assert.Equal(
            "accepted",
            (await Certificates.ReceiptAsync(App, await App.DropAsync(file, content))).GetProperty("state").GetString());
    }

    public sealed class OneWorker(World world) : CertificateTests(world, Topology.OneWorker);

    public sealed class WorkerPerScaleGroup(World world) : CertificateTests(world, Topology.WorkerPerScaleGroup);
}

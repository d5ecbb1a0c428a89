using System.IO.Compression;
using System.Text.Json;
using Springest.EndToEnd.Tests.Surroundings;

namespace Springest.EndToEnd.Tests.Outside;

/// <summary>The catalogue's copy: filled by the timers, kept by webhooks, read over HTTP.</summary>
public abstract class CopyTests(World world, Topology topology) : OutsideTests(world, topology)
{
    public static TheoryData<string> Tables => [.. Mirror.Tables];

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task The_copy_equals_the_simulator(string table)
    {
        await App.FilledAsync();

        await Mirror.BecomesEqualAsync(App, table);
    }

    [Theory]
    [InlineData("trainings?top=100")]
    [InlineData("trainings?q=a")]
    [InlineData("subjects/passes")]
    public async Task A_list_is_packed_for_whoever_can_unpack_it(string path)
    {
        await App.FilledAsync();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(App.Address, $"api/catalogue/nl/{path}"));
        request.Headers.Add("x-access-key", App.Keys.Reader);
        request.Headers.AcceptEncoding.ParseAdd("br, gzip");

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        await using var unpacked = new GZipStream(
            await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        using var list = await JsonDocument.ParseAsync(unpacked, cancellationToken: TestContext.Current.CancellationToken);
        Assert.NotEmpty(list.RootElement.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_reader_who_has_the_record_is_told_so()
    {
        await App.FilledAsync();
        var path = $"api/catalogue/nl/institutes/{App.Simulator.Catalogue.Institutes.Ids[0]}";
        var etag = (await App.GetAsync(path)).Header("ETag")!;

        foreach (var tags in (string[])[etag, $"\"other\", {etag}", "*"])
        {
            var answer = await App.SendAsync(
                "GET",
                path,
                App.Keys.Reader,
                headers: headers => headers.TryAddWithoutValidation("If-None-Match", tags));

            Assert.Equal(304, (int)answer.Status);
            Assert.Equal(etag, answer.Header("ETag"));
            Assert.Empty(answer.Body);
        }

        var changed = await App.SendAsync(
            "GET",
            path,
            App.Keys.Reader,
            headers: headers => headers.TryAddWithoutValidation("If-None-Match", "\"other\""));
        Assert.Equal(200, (int)changed.Status);
    }

    [Fact]
    public async Task Going_from_page_to_page_gives_every_record_once()
    {
        await App.FilledAsync();
        var ids = new List<long>();
        string? cursor = null;
        do
        {
            var page = (await App.GetAsync($"api/catalogue/nl/subjects?top=7{(cursor is null ? "" : $"&cursor={cursor}")}")).Json;
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64()));
            cursor = page.GetProperty("cursor").GetString();
        }
        while (cursor is not null);

        Assert.Equal(App.Simulator.Catalogue.Subjects.Ids, ids);
    }

    [Fact]
    public async Task A_deleted_training_is_gone_for_readers_but_can_be_asked_for()
    {
        var training = await PublishedAsync();
        var path = $"api/catalogue/nl/trainings/{training}";
        Assert.Equal(200, (int)(await App.GetAsync(path)).Status);

        App.Simulator.Catalogue.Trainings.Remove(training);
        await App.TellAsync(Webhook.Changes([$$"""{"action":"destroy","object":"training","id":{{training}}}"""]));

        await Eventually.BeAsync("the training is gone", async () => (int)(await App.GetAsync(path)).Status == 404);
        var deleted = await App.GetAsync($"{path}?deleted=true");
        Assert.Equal(200, (int)deleted.Status);
        Assert.Equal(JsonValueKind.String, deleted.Json.GetProperty("_mirror").GetProperty("deletedAt").ValueKind);
    }

    private async Task<long> PublishedAsync()
    {
        var training = Mirror.Publish(App);
        await App.TellAsync(Webhook.Update(training));
        await Mirror.HasAsync(App, training);
        return training;
    }

    public sealed class OneWorker(World world) : CopyTests(world, Topology.OneWorker);

    public sealed class WorkerPerScaleGroup(World world) : CopyTests(world, Topology.WorkerPerScaleGroup);
}

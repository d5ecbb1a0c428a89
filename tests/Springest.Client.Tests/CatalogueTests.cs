using System.Net;
using System.Text.Json;
using Springest.Simulator;

namespace Springest.Client.Tests;

public sealed class CatalogueTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_crawl_reads_each_training_once_with_no_request_too_many(int prefetch)
    {
        await using var api = await Api.StartAsync(new SimulatorOptions { Trainings = 100 });

        var trainings = await api.Client.ListTrainings(new TrainingFilter { Full = true }, new ListOptions { Prefetch = prefetch })
            .ToListAsync(Cancellation);

        Assert.Equal(100, trainings.Select(training => training.Id).Distinct().Count());
        Assert.Equal(100, trainings.Count);
        Assert.All(trainings, training => Assert.NotEmpty(training.Name));
        Assert.Equal(4, api.Simulator.Requests.Count);
        Assert.All(api.Simulator.Requests.Snapshot(), request => Assert.Equal("general", request.Key));
    }

    [Fact]
    public async Task Pages_tell_offset_and_total_from_the_first_on()
    {
        await using var api = await Api.StartAsync(new SimulatorOptions { Subjects = 25 });

        var pages = await api
            .Client.ListSubjects(options: new ListOptions { PageSize = 10, Offset = 5 })
            .AsPages()
            .ToListAsync(Cancellation);

        Assert.Equal([(5, 10, 25L), (15, 10, 25L)], pages.Select(page => (page.Offset, page.Items.Count, page.Total ?? -1)));
    }

    [Fact]
    public async Task A_training_is_read_by_its_number_and_a_missing_one_is_404()
    {
        await using var api = await Api.StartAsync();
        var first = await api.Client.ListTrainings().FirstAsync(Cancellation);

        var training = await api.Client.GetTrainingAsync(first.Id, Cancellation);
        var fault = await Assert.ThrowsAsync<SpringestException>(() => api.Client.GetTrainingAsync(1, Cancellation));

        Assert.Equal(first.Name, training.Name);
        Assert.Equal(HttpStatusCode.NotFound, fault.Status);
        Assert.Equal("GET /trainings/1.json", fault.Endpoint);
        Assert.False(fault.IsTransient);
    }

    [Fact]
    public async Task Raw_records_are_the_bytes_as_sent()
    {
        await using var api = await Api.StartAsync(new SimulatorOptions { Trainings = 3 });

        var raw = await api.Client.ListRaw("trainings", [new("full", "true")]).ToListAsync(Cancellation);
        var single = await api.Client.GetRawAsync($"trainings/{raw[0].Id}", cancellationToken: Cancellation);
        var none = await api.Client.GetRawAsync("trainings/1", cancellationToken: Cancellation);

        Assert.Equal(3, raw.Count);
        Assert.All(raw, record => Assert.Equal(record.Id, JsonDocument.Parse(record.Json).RootElement.GetProperty("id").GetInt64()));
        Assert.Equal(raw[0].Json, single!.Json, (a, b) => a.Span.SequenceEqual(b.Span));
        Assert.Null(none);
    }

    [Theory]
    [InlineData("../users")]
    [InlineData("trainings?api_key=1")]
    [InlineData("trainings//1")]
    [InlineData("https://elsewhere.test/")]
    [InlineData("trainings/1#")]
    [InlineData("")]
    public async Task A_raw_path_stays_on_the_host(string path)
    {
        await using var api = await Api.StartAsync();

        Assert.Throws<ArgumentException>(() => api.Client.ListRaw(path));
        await Assert.ThrowsAsync<ArgumentException>(() => api.Client.GetRawAsync(path, cancellationToken: Cancellation));
    }
}

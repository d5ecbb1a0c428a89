using System.Diagnostics;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Springest.LocalHost.Tests;

public sealed class BlobTriggerTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly string _name = $"c{Guid.NewGuid():N}";
    private readonly Gate _gate = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private BlobContainerClient Container => azurite.Blobs.GetBlobContainerClient(_name);

    public async ValueTask InitializeAsync() => await Container.CreateIfNotExistsAsync(cancellationToken: Cancellation);

    public async ValueTask DisposeAsync() => await Container.DeleteIfExistsAsync(cancellationToken: CancellationToken.None);

    [Theory]
    [InlineData(typeof(ByClient))]
    [InlineData(typeof(AsAStreamOfBytes))]
    [InlineData(typeof(ByString))]
    [InlineData(typeof(ByBytes))]
    [InlineData(typeof(ByBinaryData))]
    public async Task A_new_blob_reaches_the_function_in_the_type_it_asks_for(Type functions)
    {
        await using var host = await StartAsync(functions);

        await PutAsync("sub/folder/brève.txt", "content ✓");

        Assert.Equal("content ✓", await host.Journal.NextAsync());
    }

    [Fact]
    public async Task An_overwritten_blob_fires_again_and_an_untouched_one_does_not()
    {
        await using var host = await StartAsync(typeof(ByString));
        await PutAsync("still", "untouched");
        await PutAsync("a", "one");
        Assert.Equal(["one", "untouched"], new[] { await host.Journal.NextAsync(), await host.Journal.NextAsync() }.Order());

        await PutAsync("a", "two");
        Assert.Equal("two", await host.Journal.NextAsync());
        await PutAsync("a", "two");
        Assert.Equal("two", await host.Journal.NextAsync());
        await Container.DeleteBlobAsync("a", cancellationToken: Cancellation);
        await PutAsync("a", "three");

        Assert.Equal("three", await host.Journal.NextAsync());
        Assert.Empty(host.Journal.Rest());
    }

    [Fact]
    public async Task Blobs_from_before_the_start_fire_for_a_scan_but_not_for_Event_Grid()
    {
        await PutAsync("before", "before");
        await using var scan = await StartAsync(typeof(Scanned));
        await using var events = await StartAsync(typeof(ByString));
        Assert.Equal("before", await scan.Journal.NextAsync());

        await PutAsync("after", "after");

        Assert.Equal("after", await scan.Journal.NextAsync());
        Assert.Equal("after", await events.Journal.NextAsync());
    }

    [Fact]
    public async Task Names_of_the_path_and_what_the_platform_adds_are_binding_data()
    {
        await using var host = await StartAsync(typeof(Named));
        await PutAsync("wrong/a.b/c.pdf", "does not match");

        await Container.GetBlobClient("in/nl/a.b/c.tar.gz").UploadAsync(
            BinaryData.FromString("x"), new BlobUploadOptions { Metadata = new Dictionary<string, string> { ["kind"] = "diploma" } }, Cancellation);

        Assert.Equal(
            $"nl/a.b | c.tar | gz | {_name}/in/nl/a.b/c.tar.gz | {Container.Uri}/in/nl/a.b/c.tar.gz | {{\"kind\":\"diploma\"}} | 1",
            await host.Journal.NextAsync());
    }

    [Fact]
    public async Task A_container_may_be_made_after_the_start()
    {
        await Container.DeleteAsync(cancellationToken: Cancellation);
        await using var host = await StartAsync(typeof(ByString));
        await Container.CreateAsync(cancellationToken: Cancellation);

        await PutAsync("first", "first");

        Assert.Equal("first", await host.Journal.NextAsync());
    }

    [Fact]
    public async Task A_blob_is_raised_within_a_second()
    {
        await using var host = await StartAsync(typeof(ByClientName));
        var delays = new List<TimeSpan>();
        for (var i = 0; i < 9; i++)
        {
            await PutAsync($"{i}", "x");
            var clock = Stopwatch.StartNew();
            Assert.Equal($"{i}", await host.Journal.NextAsync());
            delays.Add(clock.Elapsed);
        }

        // The median, since a busy machine may hold up one or two.
        Assert.InRange(delays.Order().ElementAt(4), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_blob_that_fails_five_times_is_poison_and_then_left_alone()
    {
        await using var host = await StartAsync(typeof(Poisoned));
        await PutAsync("bad", "x");
        var version = (await Container.GetBlobClient("bad").GetPropertiesAsync(cancellationToken: Cancellation)).Value.ETag.ToString();
        for (var attempt = 1; attempt <= 5; attempt++)
            Assert.Equal("bad, no retry context", await host.Journal.NextAsync());
        var poison = await PoisonAsync();
        await PutAsync("good", "x");

        Assert.Equal("good, no retry context", await host.Journal.NextAsync());
        Assert.Empty(host.Journal.Rest());
        Assert.Equal(
            JsonSerializer.Serialize(new { Type = "BlobTrigger", FunctionId = "Host.Functions.Poisoned", BlobType = "BlockBlob", ContainerName = _name, BlobName = "bad", ETag = version }),
            JsonSerializer.Serialize(JsonDocument.Parse(poison)));
        Assert.Contains(host.Log.Lines, line => line.Contains($"Poisoned failed 5 times for {_name}/bad", StringComparison.Ordinal));

        await PutAsync("bad", "again");
        Assert.Equal("bad, no retry context", await host.Journal.NextAsync());
    }

    [Fact]
    public async Task The_number_of_tries_is_the_one_of_host_json()
    {
        await using var host = await StartAsync(typeof(Poisoned), new { extensions = new { blobs = new { poisonBlobThreshold = 2 } } });
        await PutAsync("bad", "x");

        await PoisonAsync();

        Assert.Equal(2, host.Journal.Rest().Count);
    }

    [Fact]
    public async Task A_blob_that_fails_once_is_tried_again_at_once()
    {
        await using var host = await StartAsync(typeof(FailsOnce));

        await PutAsync("a", "x");

        Assert.Equal("try 1", await host.Journal.NextAsync());
        Assert.Equal("try 2", await host.Journal.NextAsync());
        await PutAsync("b", "x");
        Assert.Equal("try 3", await host.Journal.NextAsync());
    }

    [Fact]
    public async Task A_blob_that_vanished_or_changed_before_its_turn_is_not_run_as_it_was()
    {
        await using var host = await StartAsync(typeof(GatedRun), new { extensions = new { blobs = new { maxDegreeOfParallelism = 1 } } });
        await PutAsync("first", "holds the only slot");
        Assert.Equal("holds the only slot", await host.Journal.NextAsync());
        await PutAsync("vanishes", "vanishes");
        await PutAsync("changes", "old");
        await host.Log.WaitForAsync($"{_name}/vanishes of version");
        await host.Log.WaitForAsync($"{_name}/changes of version");
        await Container.DeleteBlobAsync("vanishes", cancellationToken: Cancellation);
        await PutAsync("changes", "new");
        await host.Log.WaitForAsync($"{_name}/changes of version", 2);

        _gate.Open();

        Assert.Equal("new", await host.Journal.NextAsync());
        await PutAsync("last", "last");
        Assert.Equal("last", await host.Journal.NextAsync());
        Assert.Empty(host.Journal.Rest());
        Assert.DoesNotContain(host.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Never_more_run_at_a_time_than_host_json_allows()
    {
        await using var host = await StartAsync(typeof(GatedRun), new { extensions = new { blobs = new { maxDegreeOfParallelism = 3 } } });
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => PutAsync($"{i}", $"{i}")));
        await host.Log.WaitForAsync($"{_name}/", 12);
        for (var i = 0; i < 3; i++)
            await host.Journal.NextAsync();

        _gate.Open();

        for (var i = 3; i < 12; i++)
            await host.Journal.NextAsync();
        Assert.Equal(3, _gate.Most);
    }

    [Fact]
    public async Task The_account_is_the_one_that_the_connection_names()
    {
        await using var own = await Springest.Testing.Azurite.StartAsync(cancellationToken: Cancellation);
        await using var host = await StartAsync(typeof(Elsewhere), connection: own.ConnectionString);
        var container = new BlobServiceClient(own.ConnectionString).GetBlobContainerClient(_name);
        await container.CreateAsync(cancellationToken: Cancellation);

        await container.UploadBlobAsync("a", BinaryData.FromString("elsewhere"), Cancellation);

        Assert.Equal("elsewhere", await host.Journal.NextAsync());
    }

    [Fact]
    public async Task Storage_that_goes_away_and_comes_back_is_watched_again()
    {
        var own = await Springest.Testing.Azurite.StartAsync(cancellationToken: Cancellation);
        await using var host = await StartAsync(typeof(Elsewhere), connection: own.ConnectionString);
        await own.DisposeAsync();
        await host.Log.WaitForAsync($"Container {_name} cannot be listed");

        await using var again = await Springest.Testing.Azurite.StartAsync(
            ports: (own.BlobEndpoint.Port, own.QueueEndpoint.Port, own.TableEndpoint.Port), cancellationToken: Cancellation);
        var container = new BlobServiceClient(again.ConnectionString).GetBlobContainerClient(_name);
        await container.CreateAsync(cancellationToken: Cancellation);
        await container.UploadBlobAsync("a", BinaryData.FromString("back again"), Cancellation);

        Assert.Equal("back again", await host.Journal.NextAsync());
        Assert.Single(host.Log.Lines, line => line.Contains("cannot be listed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("in/{name}", "in/a/b.txt", "name=a/b.txt")]
    [InlineData("in/{name}.{ext}", "in/a.b.c", "name=a.b ext=c")]
    [InlineData("in/{name}.{ext}", "in/ab", null)]
    [InlineData("in/{name}", "in/", null)]
    [InlineData("in/{name}", "In/a", null)]
    [InlineData("in/{a}-{b}.pdf", "in/x-y-z.pdf", "a=x-y b=z")]
    [InlineData("in/exact.txt", "in/exact.txt", "")]
    [InlineData("in/exact.txt", "in/exactly.txt", null)]
    [InlineData("in/a+(b)/{name}", "in/a+(b)/c", "name=c")]
    [InlineData("{name}", "line\nbreak", "name=line\nbreak")]
    public void A_pattern_splits_a_name_as_the_platform_does(string pattern, string blob, string? expected)
    {
        var path = BlobPath.Parse($"container/{pattern}");

        var values = path.Match(blob);

        Assert.Equal(expected, values is null ? null : string.Join(' ', values.Select(value => $"{value.Key}={value.Value}")));
        Assert.StartsWith(path.Prefix, pattern, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("accountName", "store", "https://store.blob.core.windows.net/")]
    [InlineData("blobServiceUri", "https://example.org/blobs/", "https://example.org/blobs/")]
    [InlineData("serviceUri", "https://example.org/", "https://example.org/")]
    public void An_account_can_be_named_by_its_address_and_reached_with_an_identity(string setting, string value, string address)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new($"Storage:{setting}", value)]).Build();

        Assert.Equal(address, BlobConnection.Open(settings, "Storage").Uri.AbsoluteUri);
    }

    private Task<TestHost> StartAsync(Type functions, object? hostJson = null, string? connection = null)
        => TestHost.StartAsync(
            functions, hostJson: hostJson, services: services => services.AddSingleton(_gate).AddSingleton<FailsOnce.Tries>(),
            settings: new() { ["Container"] = _name, ["AzureWebJobsStorage"] = azurite.ConnectionString, ["Other:Account"] = connection });

    private async Task PutAsync(string name, string content)
        => await Container.GetBlobClient(name).UploadAsync(BinaryData.FromString(content), overwrite: true, Cancellation);

    /// <summary>Waits for the poison message that speaks of this test's container.</summary>
    private async Task<string> PoisonAsync()
    {
        var container = azurite.Blobs.GetBlobContainerClient("webjobs-blobtrigger-poison");
        await container.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        using var interval = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await interval.WaitForNextTickAsync(Cancellation))
            await foreach (var blob in container.GetBlobsAsync(cancellationToken: Cancellation))
                if ((await container.GetBlobClient(blob.Name).DownloadContentAsync(Cancellation)).Value.Content.ToString() is var message
                    && message.Contains(_name, StringComparison.Ordinal))
                    return message;
        throw new InvalidOperationException("The test was ended.");
    }

    /// <summary>Holds functions up until it is opened, and counts how many it holds at most.</summary>
    public sealed class Gate
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _now;

        public int Most { get; private set; }

        public void Open() => _open.SetResult();

        public async Task PassAsync()
        {
            var now = Interlocked.Increment(ref _now);
            lock (_open)
                Most = Math.Max(Most, now);
            await _open.Task;
            Interlocked.Decrement(ref _now);
        }
    }

    public sealed class ByClient(Journal journal)
    {
        [Function("ByClient")]
        public async Task RunAsync([BlobTrigger("%Container%/{name}", Source = BlobTriggerSource.EventGrid)] BlobClient blob, CancellationToken cancellationToken)
            => journal.Write((await blob.DownloadContentAsync(cancellationToken)).Value.Content.ToString());
    }

    public sealed class ByClientName(Journal journal)
    {
        [Function("ByClientName")]
        public void Run([BlobTrigger("%Container%", Source = BlobTriggerSource.EventGrid)] BlobClient blob) => journal.Write(blob.Name);
    }

    public sealed class AsAStreamOfBytes(Journal journal)
    {
        [Function("AsAStreamOfBytes")]
        public async Task RunAsync([BlobTrigger("%Container%/{name}", Source = BlobTriggerSource.EventGrid)] Stream blob, CancellationToken cancellationToken)
        {
            using var reader = new StreamReader(blob);
            journal.Write(await reader.ReadToEndAsync(cancellationToken));
        }
    }

    public sealed class ByString(Journal journal)
    {
        [Function("ByString")]
        public void Run([BlobTrigger("%Container%/{name}", Source = BlobTriggerSource.EventGrid)] string blob) => journal.Write(blob);
    }

    public sealed class ByBytes(Journal journal)
    {
        [Function("ByBytes")]
        public void Run([BlobTrigger("%Container%/{name}", Source = BlobTriggerSource.EventGrid)] byte[] blob) => journal.Write(System.Text.Encoding.UTF8.GetString(blob));
    }

    public sealed class ByBinaryData(Journal journal)
    {
        [Function("ByBinaryData")]
        public void Run([BlobTrigger("%Container%/{name}", Source = BlobTriggerSource.EventGrid)] BinaryData blob) => journal.Write(blob.ToString());
    }

    public sealed class Scanned(Journal journal)
    {
        [Function("Scanned")]
        public void Run([BlobTrigger("%Container%/{name}")] string blob) => journal.Write(blob);
    }

    public sealed class Elsewhere(Journal journal)
    {
        [Function("Elsewhere")]
        public void Run([BlobTrigger("%Container%/{name}", Connection = "Other:Account")] string blob) => journal.Write(blob);
    }

    public sealed class Named(Journal journal)
    {
        [Function("Named")]
        public void Run(
            [BlobTrigger("%Container%/in/{folder}/{name}.{extension}", Source = BlobTriggerSource.EventGrid)] BlobClient blob,
            string folder, string name, string extension, FunctionContext context)
        {
            var data = context.BindingContext.BindingData;
            journal.Write(string.Join(" | ", folder, name, extension, data["BlobTrigger"], data["Uri"], data["Metadata"],
                JsonDocument.Parse((string)data["Properties"]!).RootElement.GetProperty("ContentLength")));
        }
    }

    public sealed class Poisoned(Journal journal)
    {
        // The platform heeds retry attributes on timers only.
        [Function("Poisoned")]
        [FixedDelayRetry(7, "00:00:00")]
        public void Run([BlobTrigger("%Container%/{name}", Source = BlobTriggerSource.EventGrid)] BlobClient blob, string name, FunctionContext context)
        {
            journal.Write($"{name}, {(context.RetryContext is null ? "no retry context" : "?")}");
            if (name == "bad")
                throw new InvalidDataException("Always.");
        }
    }

    public sealed class FailsOnce(Journal journal, FailsOnce.Tries tries)
    {
        [Function("FailsOnce")]
        public void Run([BlobTrigger("%Container%/{name}", Source = BlobTriggerSource.EventGrid)] BlobClient blob)
        {
            journal.Write($"try {++tries.Count}");
            if (tries.Count == 1)
                throw new InvalidDataException("Once.");
        }

        public sealed class Tries
        {
            public int Count { get; set; }
        }
    }

    public sealed class GatedRun(Journal journal, Gate gate)
    {
        [Function("GatedRun")]
        public async Task RunAsync([BlobTrigger("%Container%/{name}", Source = BlobTriggerSource.EventGrid)] string blob)
        {
            journal.Write(blob);
            await gate.PassAsync();
        }
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Azure;
using Azure.Data.Tables;
using Springest.Functions.Quota;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;
using Springest.Testing.Quota;

namespace Springest.Functions.Tests.Quota;

/// <summary>Storage that is not there, or not as it was left: nothing is granted that might have been granted before.</summary>
public sealed class QuotaStorageTests(AzuriteFixture azurite) : QuotaTests(azurite)
{
    [Theory]
    [InlineData("not a ring")]
    [InlineData("")]
    public async Task Ring_that_cannot_be_read_is_replaced_by_a_full_one_with_an_alert(string content)
    {
        var instance = Start(options => Scale(options, limit: 10, TimeSpan.FromHours(1)));
        Assert.True((await instance.Limiter().AcquireAsync(1, Cancelled)).IsAcquired);
        var table = instance.Storage.Table(QuotaStorage.Counters);
        var row = await RowAsync(table);
        row = new TableEntity(row.PartitionKey, row.RowKey) { ["Ring"] = content.Length == 0 ? "" : Encoding.UTF8.GetBytes(content) };
        await table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace, Cancelled);

        var other = Start(options => Scale(options, limit: 10, TimeSpan.FromHours(1)));

        Assert.Equal(0, await CountAsync(other.Limiter()));
        Assert.Contains(other.Logs.Lines, line => line.StartsWith("Critical", StringComparison.Ordinal));
        Assert.DoesNotContain(other.Logs.Lines, line => line.Contains("a-key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ring_that_was_deleted_counts_as_used_up_for_everybody()
    {
        var instance = Start(options => Scale(options, limit: 10, TimeSpan.FromHours(1)));
        Assert.True((await instance.Limiter().AcquireAsync(1, Cancelled)).IsAcquired);
        var table = instance.Storage.Table(QuotaStorage.Counters);
        var row = await RowAsync(table);
        await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: Cancelled);

        Assert.Equal(0, await CountAsync(Start(options => Scale(options, limit: 10, TimeSpan.FromHours(1))).Limiter()));
        Assert.Equal(0, await CountAsync(instance.Limiter()));
    }

    /// <summary>That there is a counter stands beside it; who made it may have died before that was written.</summary>
    [Fact]
    public async Task Ring_that_was_deleted_counts_as_used_up_though_its_maker_could_not_say_that_it_was_there()
    {
        await using var proxy = await StorageProxy.StartAsync(Azurite, Cancelled);
        var refusals = 1;
        proxy.Exchange = async (request, send)
            => request.Path.Value!.Contains("-begun", StringComparison.Ordinal) && request.Method != "GET"
                && Interlocked.Decrement(ref refusals) >= 0
                ? new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new ByteArrayContent([]) }
                : await send();
        var limiter = Start(options => Scale(options, limit: 10, TimeSpan.FromHours(1)), proxy.ConnectionString).Limiter();
        await limiter.AcquireAsync(1, Cancelled);
        Assert.True((await limiter.AcquireAsync(1, Cancelled)).IsAcquired);
        Assert.True(refusals < 0);
        var table = Start(_ => { }).Storage.Table(QuotaStorage.Counters);
        var row = await RowAsync(table);
        await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: Cancelled);

        Assert.Equal(0, await CountAsync(Start(options => Scale(options, limit: 10, TimeSpan.FromHours(1))).Limiter()));
    }

    [Fact]
    public async Task Ring_of_a_later_version_is_left_alone()
    {
        var instance = Start(options => Scale(options, limit: 10, TimeSpan.FromHours(1)));
        Assert.True((await instance.Limiter().AcquireAsync(1, Cancelled)).IsAcquired);
        var table = instance.Storage.Table(QuotaStorage.Counters);
        var row = await RowAsync(table);
        var ring = row.GetBinary("Ring");
        ring[0]++;
        SHA256.HashData(ring.AsSpan(..^8)).AsSpan(0, 8).CopyTo(ring.AsSpan(^8..));
        row = new TableEntity(row.PartitionKey, row.RowKey) { ["Ring"] = ring };
        await table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace, Cancelled);

        var other = Start(options =>
        {
            Scale(options, limit: 10, TimeSpan.FromHours(1));
            options.SubmissionPatience = TimeSpan.FromSeconds(2);
        });

        Assert.Equal(0, await CountAsync(other.Limiter()));
        Assert.Equal(ring, (await RowAsync(table)).GetBinary("Ring"));
        Assert.DoesNotContain(other.Logs.Lines, line => line.StartsWith("Critical", StringComparison.Ordinal));
    }

    [Fact]
    public void Storage_that_has_lost_writes_counts_as_used_up()
    {
        var world = new QuotaWorld(1, new QuotaOptions { Limit = 100 });
        var instance = world.Start();
        instance.Add(1, pause: TimeSpan.FromSeconds(1));
        world.Run(TimeSpan.FromSeconds(20));
        var before = world.Store.Stored;
        world.Run(TimeSpan.FromSeconds(10));

        world.Store.Stored = before;
        var handled = world.Server.Handled;
        world.Run(TimeSpan.FromMinutes(59));

        Assert.InRange(world.Server.Handled, handled, handled + 1); // what had its permit
        world.Run(TimeSpan.FromMinutes(3));
        Assert.True(world.Server.Handled > handled + 1);
    }

    [Fact]
    public void Ring_unwritten_for_its_whole_span_is_begun_anew()
    {
        var world = new QuotaWorld(1, new QuotaOptions());
        world.Store.Stored = new([1, 2, 3], [], new ETag("1"), world.Time.GetUtcNow());
        var instance = world.Start();
        instance.Add(1);
        world.Time.RunUntil(world.Time.Now + TimeSpan.FromSeconds(1).Ticks);
        Assert.Equal(0, world.Server.Handled);

        var later = new QuotaWorld(1, new QuotaOptions());
        later.Store.Stored = new([1, 2, 3], [], new ETag("1"), later.Time.GetUtcNow() - TimeSpan.FromMinutes(61));
        later.Start().Add(1);
        later.Run(TimeSpan.FromSeconds(1));
        Assert.True(later.Server.Handled > 0);
    }

    [Fact]
    public async Task Without_storage_nothing_is_granted()
    {
        // Nobody listens there.
        var nowhere = new Uri("http://127.0.0.1:1/");
        await using var instance = new QuotaInstance(
            Springest.Testing.Azurite.ConnectionStringFor(nowhere, nowhere, nowhere), Prefix,
            options => options.SubmissionPatience = TimeSpan.FromSeconds(1));

        using var lease = await instance.Limiter().AcquireAsync(1, Cancelled);

        Assert.False(lease.IsAcquired);
        Assert.True(lease.TryGetMetadata(MetadataName.ReasonPhrase, out var reason));
        Assert.Equal("The shared quota cannot be reached.", reason);
    }

    [Fact]
    public async Task Without_the_table_nothing_is_granted_and_storage_is_left_in_peace()
    {
        await using var instance = new QuotaInstance(
            Azurite.ConnectionString, Prefix + "gone", options => options.SubmissionPatience = TimeSpan.FromSeconds(2));
        using var failures = new Sum(instance, "springest.quota.failures");
        using var conflicts = new Sum(instance, "springest.quota.conflicts");

        using var lease = await instance.Limiter().AcquireAsync(1, Cancelled);

        Assert.False(lease.IsAcquired);
        Assert.InRange(failures.Value, 1, 30);
        Assert.Equal(0, conflicts.Value);
    }

    private static async Task<TableEntity> RowAsync(TableClient table)
    {
        await foreach (var row in table.QueryAsync<TableEntity>(cancellationToken: Cancelled))
        {
            if (row.ContainsKey("Ring"))
                return row;
        }

        throw new InvalidOperationException("There is no ring.");
    }
}

using System.Text;
using System.Threading.RateLimiting;
using Azure;
using Azure.Data.Tables;
using Springest.Functions.Quota;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;

namespace Springest.Functions.Tests.Quota;

/// <summary>Storage that is not there, or not as it was left: nothing is granted that might have been granted before.</summary>
public sealed class QuotaStorageTests(AzuriteFixture azurite) : QuotaTests(azurite)
{
    [Theory]
    [InlineData("not a ring")]
    [InlineData("")]
    public async Task A_ring_that_cannot_be_read_is_replaced_by_a_full_one_with_an_alert(string content)
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
    public async Task A_ring_that_was_deleted_counts_as_used_up_by_those_who_know_of_it()
    {
        var instance = Start(options => Scale(options, limit: 10, TimeSpan.FromHours(1)));
        Assert.True((await instance.Limiter().AcquireAsync(1, Cancelled)).IsAcquired);
        var table = instance.Storage.Table(QuotaStorage.Counters);
        var row = await RowAsync(table);
        await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: Cancelled);

        Assert.Equal(0, await CountAsync(instance.Limiter()));
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

        using var lease = await instance.Limiter().AcquireAsync(1, Cancelled);

        Assert.False(lease.IsAcquired);
        Assert.InRange(Measured(instance, "springest.quota.failures"), 1, 30);
        Assert.Equal(0, Measured(instance, "springest.quota.conflicts"));
    }

    private static async Task<TableEntity> RowAsync(TableClient table)
    {
        await foreach (var row in table.QueryAsync<TableEntity>(cancellationToken: Cancelled))
            return row;
        throw new InvalidOperationException("There is no ring.");
    }
}

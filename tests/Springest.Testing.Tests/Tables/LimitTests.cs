using Azure;
using Azure.Data.Tables;

namespace Springest.Testing.Tests.Tables;

public class LimitTests(StorageFixture storage)
{
    private const int MostCharacters = 32 * 1024;
    private const int MostBytes = 64 * 1024;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_property_may_have_64_KiB()
    {
        var table = await storage.NewTableAsync();
        var text = string.Concat(Enumerable.Repeat("é☃<", MostCharacters / 3)).PadRight(MostCharacters, 'x');
        var bytes = new byte[MostBytes];
        new Random(1).NextBytes(bytes);

        await table.AddEntityAsync(new TableEntity("p", "r") { ["Text"] = text, ["Bytes"] = bytes }, Cancel);
        var read = await table.ReadAsync("p", "r");

        Assert.Equal(text, read.GetString("Text"));
        Assert.Equal(bytes, read.GetBinary("Bytes"));
    }

    [Fact]
    public async Task A_larger_property_is_refused()
    {
        var table = await storage.NewTableAsync();

        foreach (var value in (object[])[new string('x', MostCharacters + 1), new byte[MostBytes + 1]])
        {
            var refused = await Assert.ThrowsAsync<RequestFailedException>(
                () => table.AddEntityAsync(new TableEntity("p", "r") { ["Value"] = value }, Cancel));

            Assert.Equal((400, "PropertyValueTooLarge"), (refused.Status, refused.ErrorCode));
        }
    }

    [Fact]
    public async Task An_entity_may_have_nearly_a_mebibyte()
    {
        var table = await storage.NewTableAsync();
        var entity = Large(properties: 15, characters: 32_000);

        await table.AddEntityAsync(entity, Cancel);
        await table.UpsertEntityAsync(entity, TableUpdateMode.Replace, Cancel);
        var read = await table.ReadAsync("p", "large");

        Assert.All(Enumerable.Range(0, 15), number => Assert.Equal(entity.GetString($"Text{number}"), read.GetString($"Text{number}")));
    }

    [Fact]
    public async Task A_larger_entity_is_refused()
    {
        var table = await storage.NewTableAsync();

        var refused = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.UpsertEntityAsync(Large(properties: 34, characters: MostCharacters), TableUpdateMode.Replace, Cancel));

        Assert.Equal((400, "EntityTooLarge"), (refused.Status, refused.ErrorCode));
    }

    [Fact]
    public async Task A_transaction_of_more_than_four_mebibytes_is_refused()
    {
        var table = await storage.NewTableAsync();
        var actions = Enumerable.Range(0, 10).Select(number => new TableTransactionAction(
            TableTransactionActionType.Add, new TableEntity(Large(properties: 15, characters: 32_000)) { RowKey = $"{number}" }));

        var refused = await Assert.ThrowsAnyAsync<RequestFailedException>(() => table.SubmitTransactionAsync(actions, Cancel));

        Assert.Equal((413, "RequestBodyTooLarge"), (refused.Status, refused.ErrorCode));
    }

    private static TableEntity Large(int properties, int characters)
    {
        var entity = new TableEntity("p", "large");
        for (var number = 0; number < properties; number++)
            entity[$"Text{number}"] = new string((char)('a' + (number % 26)), characters);
        return entity;
    }
}

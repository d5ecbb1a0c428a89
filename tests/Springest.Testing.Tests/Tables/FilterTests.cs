using System.Linq.Expressions;
using Azure.Data.Tables;

namespace Springest.Testing.Tests.Tables;

public class FilterTests(StorageFixture storage)
{
    private static readonly DateTimeOffset _instant = new(2026, 2, 28, 12, 30, 0, TimeSpan.Zero);
    private static readonly Guid _guid = new("9b2a1f5e-3a5c-4f6e-8d7b-0123456789ab");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, object> Values() => new()
    {
        { "Text", "O'Reilly & Sons 100% ☃" },
        { "Flag", true },
        { "Int", 42 },
        { "Long", 5_000_000_000 },
        { "Double", 12.5 },
        { "Whole", 3.0 },
        { "Guid", _guid },
        { "Time", _instant },
        { "Bytes", new byte[] { 1, 2, 3 } },
    };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public async Task A_value_of_each_type_finds_its_entity_and_no_other(string property, object value)
    {
        var table = await FilledAsync();
        FormattableString filter = property switch
        {
            "Text" => $"Text eq {value}",
            "Flag" => $"Flag eq {value}",
            "Int" => $"Int eq {value}",
            "Long" => $"Long eq {value}",
            "Double" => $"Double eq {value}",
            "Whole" => $"Whole eq {value}",
            "Guid" => $"Guid eq {value}",
            "Time" => $"Time eq {value}",
            _ => $"Bytes eq {value}",
        };

        var found = await table.ListAsync(TableClient.CreateQueryFilter(filter));

        Assert.Equal("match", Assert.Single(found).RowKey);
    }

    [Fact]
    public async Task What_is_not_there_fulfils_no_comparison()
    {
        var table = await storage.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "without") { ["Number"] = 1 }, Cancel);
        await table.AddEntityAsync(new TableEntity("p", "empty") { ["Text"] = "" }, Cancel);
        await table.AddEntityAsync(new TableEntity("p", "full") { ["Text"] = "x" }, Cancel);

        var found = await table.ListAsync(TableClient.CreateQueryFilter($"PartitionKey eq {"p"} and Text ge {""}"));

        Assert.Equal(["empty", "full"], found.Select(entity => entity.RowKey));
    }

    [Fact]
    public void A_value_cannot_become_a_part_of_the_filter()
    {
        var hostile = "x' or PartitionKey ne 'x";

        const string harmless = "PartitionKey eq 'x'' or PartitionKey ne ''x'";
        Assert.Equal(harmless, TableClient.CreateQueryFilter($"PartitionKey eq {hostile}"));
        Assert.Equal(harmless, TableClient.CreateQueryFilter<TableEntity>(entity => entity.PartitionKey == hostile));
        Assert.ThrowsAny<ArgumentException>(() => TableClient.CreateQueryFilter($"PartitionKey eq {new Uri("http://x")}"));
    }

    [Fact]
    public void Literals_are_those_of_the_service()
    {
        var time = new DateTimeOffset(2026, 2, 28, 14, 30, 0, TimeSpan.FromHours(2));

        Assert.Equal("A eq 5L", TableClient.CreateQueryFilter($"A eq {5L}"));
        Assert.Equal("A eq true and B ne 5", TableClient.CreateQueryFilter($"A eq {true} and B ne {5}"));
        Assert.Equal($"A eq guid'{_guid}'", TableClient.CreateQueryFilter($"A eq {_guid}"));
        Assert.StartsWith("A ge datetime'2026-02-28T12:30:00", TableClient.CreateQueryFilter($"A ge {time}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conditions_in_code_find_what_they_say()
    {
        var table = await storage.NewTableAsync();
        foreach (var number in Enumerable.Range(0, 10))
        {
            await table.AddEntityAsync(
                new Course
                {
                    PartitionKey = number < 5 ? "low" : "high",
                    RowKey = $"r{number}",
                    Places = number,
                    Taken = number % 2 == 0 ? number : null,
                    Views = number * 1_000_000_000L,
                    Price = number / 2.0,
                    IsOnline = number == 3,
                    Start = _instant.AddDays(number),
                    Created = _instant.UtcDateTime,
                    Key = number == 4 ? _guid : Guid.Empty,
                    Difficulty = number > 7 ? Course.Level.Expert : Course.Level.Beginner,
                    Title = $"title {number}",
                },
                Cancel);
        }

        var limits = new { Low = 2, Names = new[] { "r6" } };
        var later = _instant.AddDays(8);

        Assert.Equal([0, 1, 2, 3, 4], await PlacesAsync(table, c => c.PartitionKey == "low"));
        Assert.Equal([3, 4], await PlacesAsync(table, c => c.PartitionKey == "low" && c.Places > limits.Low));
        Assert.Equal([0, 9], await PlacesAsync(table, c => c.Places < 1 || c.Places >= 9));
        Assert.Equal([0, 1, 2], await PlacesAsync(table, c => !(c.Places > 2)));
        Assert.Equal([3], await PlacesAsync(table, c => c.IsOnline == true));
        Assert.Equal([8, 9], await PlacesAsync(table, c => c.Start >= later));
        Assert.Equal([4], await PlacesAsync(table, c => c.Key == _guid));
        Assert.Equal([6], await PlacesAsync(table, c => c.Views == 6_000_000_000));
        Assert.Equal([4], await PlacesAsync(table, c => c.Taken == 4));
        Assert.Equal([8, 9], await PlacesAsync(table, c => c.Price >= 4));
        Assert.Equal([6], await PlacesAsync(table, c => c.RowKey == limits.Names[0]));
        Assert.Equal([8, 9], await PlacesAsync(table, c => c.RowKey.CompareTo("r7") > 0));
        Assert.Equal([0, 1], await PlacesAsync(table, c => string.Compare(c.RowKey, "r2") < 0));

        var filter = TableClient.CreateQueryFilter<TableEntity>(row => row.GetInt32("Places") == 7 && row.PartitionKey == "high");
        Assert.Equal("r7", Assert.Single(await table.ListAsync(filter)).RowKey);
    }

    private static async Task<IEnumerable<int>> PlacesAsync(TableClient table, Expression<Func<Course, bool>> filter)
        => (await table.QueryAsync(filter, cancellationToken: Cancel).ToListAsync(Cancel)).Select(course => course.Places).Order();

    private async Task<TableClient> FilledAsync()
    {
        var table = await storage.NewTableAsync();
        var match = new TableEntity("p", "match");
        foreach (var (property, value) in Values().Select(row => row.Data))
            match[property] = value;
        await table.AddEntityAsync(match, Cancel);
        await table.AddEntityAsync(
            new TableEntity("p", "other")
            {
                ["Text"] = "O",
                ["Flag"] = false,
                ["Int"] = 41,
                ["Long"] = 5_000_000_001,
                ["Double"] = 12.6,
                ["Whole"] = 4.0,
                ["Guid"] = Guid.Empty,
                ["Time"] = _instant.AddSeconds(1),
                ["Bytes"] = new byte[] { 1, 2, 4 },
            },
            Cancel);
        return table;
    }
}

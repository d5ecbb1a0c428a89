using Azure.Data.Tables;

namespace Springest.Testing.Tests.Tables;

public class EdmTypeTests(StorageFixture storage)
{
    private static readonly DateTimeOffset _instant = new(2026, 2, 28, 23, 59, 59, 987, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<object> Values() =>
    [
        "", "text", "quotes ' and \" and \\ and \u0001 and \r\n", "snowman ☃ and 𝄞", "2026-01-01T00:00:00Z", "12345", "true",
        true, false,
        0, -1, int.MaxValue, int.MinValue,
        0L, 1L, long.MaxValue, long.MinValue,
        0.0, 1.0, -12.5, 1e300, double.Epsilon, double.MaxValue, double.NaN,
        Guid.Empty, new Guid("9b2a1f5e-3a5c-4f6e-8d7b-0123456789ab"),
        _instant, _instant.ToOffset(TimeSpan.FromHours(5)), new DateTimeOffset(1601, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Array.Empty<byte>(), new byte[] { 0, 1, 254, 255 },
    ];

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public async Task A_property_keeps_its_value_and_its_type(object value)
    {
        var table = await storage.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Value"] = value }, Cancel);

        var read = (await table.ReadAsync("p", "r"))["Value"];
        var listed = Assert.Single(await table.ListAsync())["Value"];

        Assert.IsType(value.GetType(), read);
        Assert.Equal(value, read);
        Assert.Equal(value, listed);
    }

    [Fact]
    public async Task The_dictionary_gives_each_property_as_its_type_only()
    {
        var table = await storage.NewTableAsync();
        await table.AddEntityAsync(
            new TableEntity("p", "r")
            {
                ["String"] = "s",
                ["Boolean"] = true,
                ["Int32"] = 1,
                ["Int64"] = 2L,
                ["Double"] = 3.0,
                ["Guid"] = Guid.Empty,
                ["Time"] = _instant.UtcDateTime,
                ["Data"] = new BinaryData("abc"u8.ToArray()),
                ["Null"] = null,
            },
            Cancel);

        var read = await table.ReadAsync("p", "r");

        Assert.Equal("s", read.GetString("String"));
        Assert.True(read.GetBoolean("Boolean"));
        Assert.Equal(1, read.GetInt32("Int32"));
        Assert.Equal(2L, read.GetInt64("Int64"));
        Assert.Equal(3.0, read.GetDouble("Double"));
        Assert.Equal(Guid.Empty, read.GetGuid("Guid"));
        Assert.Equal(_instant, read.GetDateTimeOffset("Time"));
        Assert.Equal(_instant.UtcDateTime, read.GetDateTime("Time"));
        Assert.Equal(DateTimeKind.Utc, read.GetDateTime("Time")!.Value.Kind);
        Assert.Equal("abc"u8.ToArray(), read.GetBinary("Data"));
        Assert.Equal("abc", read.GetBinaryData("Data").ToString());
        Assert.Null(read.GetInt32("Null"));
        Assert.Null(read.GetString("Missing"));
        Assert.Throws<InvalidOperationException>(() => read.GetInt32("String"));
        Assert.Throws<InvalidOperationException>(() => read.GetInt64("Int32"));
    }

    [Fact]
    public async Task A_class_of_its_own_keeps_every_property()
    {
        var table = await storage.NewTableAsync();
        var written = new Course
        {
            PartitionKey = "p",
            RowKey = "r",
            Name = "Excel",
            Places = 12,
            Taken = 3,
            Views = 5_000_000_000,
            Clicks = -1,
            Price = 99.95,
            Discount = 1,
            IsOnline = true,
            IsFree = false,
            Key = Guid.NewGuid(),
            Parent = Guid.NewGuid(),
            Start = _instant,
            End = _instant.AddDays(1),
            Created = _instant.UtcDateTime,
            Archived = _instant.UtcDateTime,
            Hash = [1, 2, 3],
            Image = new BinaryData("abc"u8.ToArray()),
            Difficulty = Course.Level.Expert,
            Target = Course.Level.Beginner,
            Title = "under another name",
            Scratch = "not for the table",
        };

        await table.AddEntityAsync(written, Cancel);
        var read = (await table.GetEntityAsync<Course>("p", "r", cancellationToken: Cancel)).Value;
        var row = await table.ReadAsync("p", "r");

        written.Scratch = null;
        (written.ETag, written.Timestamp) = (read.ETag, read.Timestamp);
        Assert.NotEqual(default, read.ETag);
        Assert.NotNull(read.Timestamp);
        Assert.Equivalent(written, read, strict: true);
        Assert.Equal(("Expert", "under another name"), (row["Difficulty"], row["renamed_title"]));
        Assert.False(row.ContainsKey(nameof(Course.Title)) || row.ContainsKey(nameof(Course.Scratch)));
    }

    [Fact]
    public async Task Nulls_are_not_stored_and_come_back_as_nulls()
    {
        var table = await storage.NewTableAsync();
        await table.AddEntityAsync(new Course { PartitionKey = "p", RowKey = "r", Created = DateTime.UnixEpoch }, Cancel);

        var read = (await table.GetEntityAsync<Course>("p", "r", cancellationToken: Cancel)).Value;

        Assert.Equal((null, null, null, null), (read.Name, read.Taken, read.End, read.Hash));
        Assert.Equal((null, null, null), (read.Image, read.Target, read.Archived));
    }

    [Fact]
    public async Task A_property_that_the_class_does_not_have_is_left_out()
    {
        var table = await storage.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Newer"] = 1, ["Name"] = "Excel" }, Cancel);

        Assert.Equal("Excel", (await table.GetEntityAsync<Course>("p", "r", cancellationToken: Cancel)).Value.Name);
    }

    [Fact]
    public async Task A_time_of_no_known_zone_is_refused()
    {
        var table = await storage.NewTableAsync();
        var unspecified = new TableEntity("p", "r") { ["Time"] = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Unspecified) };

        await Assert.ThrowsAsync<NotSupportedException>(() => table.AddEntityAsync(unspecified, Cancel));
    }

    [Fact]
    public void A_property_of_the_dictionary_keeps_its_type()
    {
        var entity = new TableEntity("p", "r") { ["Number"] = 1L };

        entity["Number"] = 2;

        Assert.Equal(2L, entity.GetInt64("Number"));
    }
}

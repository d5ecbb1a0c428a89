using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Springest.Client;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Tests.Infrastructure;
using Springest.Simulator;
using Springest.Testing;
using Springest.Testing.Catalogue;

namespace Springest.Functions.Tests.Catalogue;

/// <summary>The typed columns, and their table in docs/columns.md.</summary>
public sealed partial class ColumnTests(AzuriteFixture azurite)
{
    private const string Common = "every table";

    private readonly string _prefix = $"t{Guid.NewGuid():N}"[..12];

    [Fact]
    public void The_page_has_every_column_with_its_type_and_source_and_no_other()
    {
        var expected = MirroredResources.All.SelectMany(
            resource => resource.Columns.Select(column => $"{resource.Name} | `{column.Name}` | {column.Type} | {column.Source} |"));

        Assert.Equal(
            expected,
            Page()
                .Where(row => row.Table != Common)
                .OrderBy(row => row.Table, StringComparer.Ordinal)
                .Select(row => $"{row.Table} | `{row.Name}` | {row.Type} | {row.Source} |"));
    }

    [Fact]
    public async Task Every_column_of_a_stored_row_is_on_the_page_with_its_type()
    {
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions
            {
                Trainings = 40,
                Subjects = 9,
                Certifications = 4,
            },
            TestContext.Current.CancellationToken);
        simulator.Catalogue.Subjects.Update(simulator.Catalogue.Subjects.Ids[0], subject => subject["filler"] = new string('x', 400_000));
        await using var app = await MirrorApp.StartAsync(azurite.Azurite.ConnectionString, _prefix, simulator);
        foreach (var description in MirroredResources.All)
        {
            await app.CompleteAsync(description);
            var set = simulator.Catalogue[description.Path]!;
            set.Update(set.Ids[0], record => record["name"] = "Anders");
            set.Remove(set.Ids[1]);
            await app.CompleteAsync(description);
            await app.CompleteAsync(description);
        }

        // One that a pass has missed, and a look-up has found.
        var (trainings, unlisted) = (new MirrorScope("nl", Trainings.Description), simulator.Catalogue.Trainings.Ids[5]);
        await app.Store.Marker(trainings).SetAsync([unlisted], TimeProvider.System.GetUtcNow(), TestContext.Current.CancellationToken);
        var raw = new RawRecord(
            Encoding.UTF8.GetBytes(simulator.Catalogue.Trainings.Json(unlisted)!), TimeProvider.System.GetUtcNow());
        await app.Store.Writer(trainings)
            .ApplyAsync(CatalogueRecord.Read(raw, out _)!, ChangeSource.Webhook, TestContext.Current.CancellationToken);

        // One whose author is forgotten.
        Assert.True(
            await app.Store.Writer(new("nl", Reviews.Description))
                .EraseAsync(simulator.Catalogue.Reviews.Ids[0], TestContext.Current.CancellationToken));

        var stored = new HashSet<string>();
        foreach (var description in MirroredResources.All)
        {
            foreach (var row in (await app.RowsAsync(description.Name)).Values)
                stored.UnionWith(
                    row.Where(value => !Whole().IsMatch(value.Key)).Select(value => $"{description.Name} {value.Key} {TypeOf(value.Value)}")
                );
        }

        var documented = Page()
            .SelectMany(row =>
                row.Table == Common
                    ? MirroredResources.All.Select(resource => $"{resource.Name} {row.Name} {row.Type}")
                    : [$"{row.Table} {row.Name} {row.Type}"]);
        Assert.Empty(stored.Except(documented));
        Assert.All(
            Page().Where(row => row.Table == Common),
            row => Assert.Contains(stored, value => value.EndsWith($" {row.Name} {row.Type}", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Regions", """{"regions":{"0":{"id":4,"short":"Utrecht"},"1":{"id":19,"short":"Zoetermeer"}}}""", "Utrecht; Zoetermeer")]
    [InlineData("Regions", """{"regions":{"id":4,"short":"Utrecht"}}""", "Utrecht")]
    [InlineData("Regions", """{"regions":{}}""", null)]
    [InlineData("StartingDates", """{"starting_dateplaces":{"7":{"date":"2024-05-01"},"9":{"date":"2024-03-12"}}}""", 2L)]
    [InlineData("ReviewCount", """{"count":12.0}""", 12L)]
    [InlineData("ReviewCount", """{"count":"12"}""", 12L)]
    [InlineData("ReviewCount", """{"count":1.5}""", null)]
    [InlineData("InstituteId", """{"institute_id":"5054.0"}""", 5054L)]
    [InlineData("InstituteId", """{"institute_id":{"id":5054}}""", null)]
    [InlineData("RequiresValidUntil", """{"requires_valid_until":"True"}""", true)]
    [InlineData("RequiresValidUntil", """{"requires_valid_until":"1"}""", true)]
    [InlineData("RequiresValidUntil", """{"requires_valid_until":"perhaps"}""", null)]
    public void Column_reads_what_the_client_reads(string name, string record, object? value)
        => Assert.Equal(value, MirroredResources.All.SelectMany(resource => resource.Columns).First(column => column.Name == name)
            .Read(JsonElement.Parse(record)));

    [Fact]
    public async Task Columns_are_typed()
    {
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions
            {
                Trainings = 1,
                Subjects = 3,
                Certifications = 3,
            },
            TestContext.Current.CancellationToken);
        var training = JsonNode
            .Parse(
                """
                {
                  "id": 700123, "modified": "2023-09-14T08:15:30+02:00", "institute_id": 501001,
                  "name": " Slim plannen in &eacute;&eacute;n dag ",
                  "price": "349.0", "price_currency": "&euro;", "base_price": 349, "count": 14,
                  "institute": { "id": 501001, "name": "Voorbeeld Academie" },
                  "regions": [{ "id": 4, "short": "Utrecht" }, { "id": 19, "short": "Zoetermeer" }],
                  "subjects": [{ "id": 9101, "name": "Plannen &amp; organiseren" }],
                  "methods": [{ "id": 7, "name": "Open inschrijving" }, { "id": 12, "name": "E-learning" }],
                  "levels": [{ "id": 2, "name": "HBO" }],
                  "starting_dateplaces": [{ "date": "2024-05-01" }, { "date": "2024-03-12" }]
                }
                """
            )!
            .AsObject();
        simulator.Catalogue.Trainings.Put(training);
        await using var app = await MirrorApp.StartAsync(azurite.Azurite.ConnectionString, _prefix, simulator);

        await app.CompleteAsync();

        var row = (await app.RowsAsync(nameof(Trainings)))["0000000000000700123"];
        Assert.Equal("Slim plannen in één dag", row["Name"]);
        Assert.Equal(501001L, row["InstituteId"]);
        Assert.Equal("Voorbeeld Academie", row["InstituteName"]);
        Assert.Equal((349.0, "349.0"), (row["Price"], row["PriceText"]));
        Assert.Equal((349.0, "349"), (row["BasePrice"], row["BasePriceText"]));
        Assert.Equal(14L, row["ReviewCount"]);
        Assert.Equal("EUR", row["Currency"]);
        Assert.Equal("Plannen & organiseren", row["Subjects"]);
        Assert.Equal("Open inschrijving; E-learning", row["Methods"]);
        Assert.Equal("HBO", row["Levels"]);
        Assert.Equal("Utrecht; Zoetermeer", row["Regions"]);
        Assert.Equal(2L, row["StartingDates"]);
        Assert.Equal(new DateTimeOffset(2024, 3, 12, 0, 0, 0, TimeSpan.Zero), row.GetDateTimeOffset("FirstStartingDate"));
        Assert.Equal(new DateTimeOffset(2024, 5, 1, 0, 0, 0, TimeSpan.Zero), row.GetDateTimeOffset("LastStartingDate"));
        Assert.Equal(new DateTimeOffset(2023, 9, 14, 6, 15, 30, TimeSpan.Zero), row.GetDateTimeOffset("Modified"));
    }

    [Fact]
    public async Task A_time_is_read_in_every_form_and_what_is_none_leaves_the_column_empty()
    {
        (string Text, string? Time)[] times =
        [
            ("2023-10-26T12:30:00+02:00", "2023-10-26T10:30:00Z"),
            ("2023-10-26T12:30:00.5Z", "2023-10-26T12:30:00.5Z"),
            ("2023-10-26 12:30:00", "2023-10-26T10:30:00Z"),
            ("2023-12-26T12:30", "2023-12-26T11:30:00Z"),
            ("2023-12-26", "2023-12-26T00:00:00Z"),
            ("0001-01-01T00:00:00", null),
            ("0001-01-01T00:00:00+02:00", null),
            ("9999-12-31T23:59:59-05:00", null),
            ("1600-12-31T23:59:59Z", null),
            ("1601-01-01T00:00:00", null),
            ("1601-01-01", "1601-01-01T00:00:00Z"),
            ("0000-00-00 00:00:00", null),
            ("10:30", null),
            ("1.5", null),
            ("1", null),
            ("", null),
        ];
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { Trainings = times.Length, Subjects = 3, Certifications = 3 }, TestContext.Current.CancellationToken);
        var trainings = simulator.Catalogue.Trainings;
        foreach (var (index, (text, _)) in times.Index())
        {
            var training = trainings.Get(trainings.Ids[index])!;
            training["modified"] = text;
            trainings.Put(training);
        }

        await using var app = await MirrorApp.StartAsync(azurite.Azurite.ConnectionString, _prefix, simulator);
        await app.CompleteAsync();

        var rows = await app.RowsAsync(nameof(Trainings));
        Assert.Equal(
            times.Select(time =>
                (time.Text, time.Time is null ? (DateTimeOffset?)null : DateTimeOffset.Parse(time.Time, CultureInfo.InvariantCulture))),
            times.Select((time, index) => (time.Text, rows[$"{trainings.Ids[index]:D19}"].GetDateTimeOffset("Modified"))));
    }

    private static string TypeOf(object value) => value is DateTimeOffset ? "DateTime" : value.GetType().Name;

    /// <summary>The page's rows, each with the table that the bold line above it names.</summary>
    private static List<(string Table, string Name, string Type, string Source)> Page()
    {
        var (rows, table) = (new List<(string, string, string, string)>(), "");
        var text = Repository.Read("docs/columns.md");
        foreach (Match line in Row().Matches(text))
        {
            if (line.Groups["table"].Success)
                table = line.Groups["table"].Value;
            else
                rows.Add((table, line.Groups["name"].Value, line.Groups["type"].Value, line.Groups["source"].Value));
        }

        return rows;
    }

    [GeneratedRegex(@"^\| (\*\*(?<table>[\w ]+)\*\* \| \||`(?<name>\w+)` \| (?<type>\w+) \| (?<source>[^|]*)) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    // Beside the columns: keys, time stamp and the record itself.
    [GeneratedRegex(@"^(PartitionKey|RowKey|Timestamp|odata\.etag|Json\d*)$")]
    private static partial Regex Whole();
}

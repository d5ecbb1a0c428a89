using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Springest.Simulator.Data;

namespace Springest.EndToEnd.Tests.Surroundings;

/// <summary>The mirror as an analyst reads it: straight from the tables.</summary>
internal static class Mirror
{
    /// <summary>The resources by their tables.</summary>
    public static readonly IReadOnlyList<string> Tables =
    [
        "Trainings",
        "Institutes",
        "Categories",
        "Subjects",
        "Reviews",
        "Certifications",
    ];

    /// <summary>Has everything read, unless it has been, until the copy equals the simulator.</summary>
    public static async Task FillAsync(App app)
    {
        foreach (var table in Tables)
            await StartPassAsync(app, table);
        await Task.WhenAll(Tables.Select(table => BecomesEqualAsync(app, table)));
    }

    /// <summary>Has a full pass begin, also of a copy that was filled before, of which none is due yet.</summary>
    public static async Task StartPassAsync(App app, string table)
    {
        var answer = await app.SendAsync(
            "POST", $"api/manage/catalogue/{App.Site}/{table.ToLowerInvariant()}/start", app.Keys.Operator);
        Assert.Equal(202, (int)answer.Status);
        await app.FireAsync($"Crawl{table}");
    }

    /// <summary>Who holds the leases of the passes now.</summary>
    public static async Task<HashSet<string>> HoldersAsync(App app)
        => await app.Table("MirrorState").QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken)
            .Select(row => row.GetString("LeaseOwner")).Where(owner => owner is not null).ToHashSetAsync();

    /// <summary>Takes their leases from holders who are dead, as happens when the leases have run out.</summary>
    public static Task EndLeasesAsync(App app, HashSet<string> holders) => Eventually.BeAsync("leases are ended", async () =>
    {
        var (state, cancellation) = (app.Table("MirrorState"), TestContext.Current.CancellationToken);
        try
        {
            await foreach (var row in state.QueryAsync<TableEntity>(cancellationToken: cancellation))
            {
                if (!holders.Contains(row.GetString("LeaseOwner") ?? ""))
                    continue;
                row.Remove("LeaseOwner");
                await state.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellation);
            }

            return true;
        }
        catch (RequestFailedException failure) when (failure.Status is 412)
        {
            // What the dead had sent came in just now.
            return false;
        }
    });

    /// <summary>Waits until a table holds exactly what the simulator serves.</summary>
    public static async Task BecomesEqualAsync(App app, string table)
    {
        IReadOnlyList<string> differences = [];
        try
        {
            await Eventually.BeAsync(
                $"{table} equals the simulator",
                async () => (differences = await DifferencesAsync(app, table)).Count == 0);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message} It differs in {string.Join(", ", differences.Take(10))}.", exception);
        }
    }

    /// <summary>Waits until the mirror has the record exactly as the simulator has it.</summary>
    public static Task HasAsync(App app, long training)
        => Eventually.BeAsync(
            $"training {training} is in the mirror",
            async () => await FindAsync(app, training) == app.Simulator.Catalogue.Trainings.Json(training));

    public static async Task<string?> FindAsync(App app, long training)
    {
        var row = await app.Table("Trainings")
            .GetEntityIfExistsAsync<TableEntity>(App.Site, RowKey(training), cancellationToken: TestContext.Current.CancellationToken);
        return row is { HasValue: true, Value: { } found } && found.GetDateTimeOffset("DeletedAt") is null ? JsonOf(found) : null;
    }

    /// <summary>A training that the simulator did not have before, like another.</summary>
    public static long Publish(App app)
    {
        var (trainings, id) = (app.Simulator.Catalogue.Trainings, Ids.Next());
        var training = trainings.Get(trainings.Ids[0])!;
        training["id"] = id;
        training["name"] = $"Training {id}";
        trainings.Put(training);
        return id;
    }

    private static async Task<IReadOnlyList<string>> DifferencesAsync(App app, string table)
    {
        var site = app.Simulator.Catalogue[table.ToLowerInvariant()]!;
        var rows = new Dictionary<long, TableEntity>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {App.Site}");
        await foreach (
            var row in app.Table(table).QueryAsync<TableEntity>(filter, cancellationToken: TestContext.Current.CancellationToken))
            rows[long.Parse(row.RowKey, CultureInfo.InvariantCulture)] = row;
        return
        [
            .. site.Ids.Where(id => !IsTheSame(site, id, rows.GetValueOrDefault(id))).Select(id => $"{site.Singular} {id}"),
            // What an earlier run has left on storage that is kept.
            .. rows.Where(row => !IsGone(row.Value) && site.Find(row.Key) is null)
                .Select(row => $"{site.Singular} {row.Key}, which the simulator does not have"),
        ];
    }

    private static bool IsTheSame(RecordSet site, long id, TableEntity? row)
        => row is not null && row.GetDateTimeOffset("DeletedAt") is null && JsonOf(row) == site.Json(id);

    // A row without a record is one that a look-up found to be missing.
    private static bool IsGone(TableEntity row)
        => row.GetDateTimeOffset("DeletedAt") is not null
        || row.GetDateTimeOffset("MissingSince") is not null
        || row.GetString("Json") is null;

    // The record stands in pieces: Json, Json2, Json3 ...
    private static string? JsonOf(TableEntity row)
    {
        var json = row.GetString("Json");
        for (var piece = 2; row.GetString($"Json{piece}") is { } more; piece++)
            json += more;
        return json;
    }

    private static string RowKey(long id) => id.ToString("D19", CultureInfo.InvariantCulture);
}

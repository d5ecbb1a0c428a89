using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Springest.Functions.Catalogue.Records;
using Springest.Functions.Privacy;
using Springest.Functions.Storage;
using Springest.Functions.Text;

namespace Springest.Functions.Webhooks.Retention;

/// <summary>People in conversions. A row goes as a whole; a later webhook about it brings it back.</summary>
public sealed class ConversionPeople(AppStorage storage, IOptions<WebhookOptions> options) : IPersonalData
{
    private const string Kind = "conversion";

    // Until the daily run.
    private static readonly TimeSpan _delay = TimeSpan.FromDays(1);

    private readonly TableClient _table = storage.Table(WebhookStorage.Conversions);

    public async IAsyncEnumerable<PersonalRecord> FindAsync(
        PersonText person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in _table.QueryAsync<TableEntity>(maxPerPage: 500, cancellationToken: cancellationToken))
        {
            if (person.IsIn(StoredText.Get(row, "Json")))
                yield return new PersonalRecord(
                    new RecordName(Kind, $"{row.PartitionKey}/{long.Parse(row.RowKey, CultureInfo.InvariantCulture)}"),
                    $"read {row.GetDateTimeOffset("FetchedAt"):yyyy-MM-dd}",
                    IsCertain: true);
        }
    }

    public async Task<ErasureOutcome?> ForgetAsync(RecordName record, CancellationToken cancellationToken)
    {
        if (record.Kind != Kind)
            return null;
        // Not only of the sites that are set: what is left of others is found too.
        if (record.Id.Split('/') is not [var site, var text] || !TableClientExtensions.CanBeKey(site)
            || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return ErasureOutcome.Absent;
        var answer = await _table.DeleteEntityAsync(site, RecordEntity.KeyOf(id), ETag.All, cancellationToken);
        return answer.Status == 404 ? ErasureOutcome.Absent : ErasureOutcome.Removed;
    }

    public IReadOnlyList<RemainingData> ListRemaining(DateTimeOffset erased)
        => [new("bodies of webhooks", erased + options.Value.KeepFor + _delay + RemainingData.Removal, IsSearched: false)];
}

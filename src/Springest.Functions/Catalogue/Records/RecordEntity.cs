using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Azure.Data.Tables;
using Springest.Functions.Catalogue.Resources;
using Springest.Functions.Text;

namespace Springest.Functions.Catalogue.Records;

/// <summary>
/// A mirrored record as a row: the typed columns, the record verbatim in <c>Json</c>, <c>Json2</c> ..., and what the mirror
/// knows about it, its own last change included, so that the change's row can be written again after a crash.
/// </summary>
internal static class RecordEntity
{
    public const string Hash = nameof(Hash);
    public const string FetchedAt = nameof(FetchedAt);
    public const string FirstSeen = nameof(FirstSeen);
    public const string LastChanged = nameof(LastChanged);
    public const string MissingSince = nameof(MissingSince);
    public const string DeletedAt = nameof(DeletedAt);

    /// <summary>When a record that no list shows was last found by look-up.</summary>
    public const string UnlistedAt = nameof(UnlistedAt);

    /// <summary>The last change: what it was, by what it came, the hash before it and the fields that it changed.</summary>
    public const string Change = nameof(Change);
    public const string Source = nameof(Source);
    public const string HashBefore = nameof(HashBefore);
    public const string ChangedFields = nameof(ChangedFields);

    /// <summary>When what it says about people was removed for good; the mirror does not bring it back.</summary>
    public const string ErasedAt = nameof(ErasedAt);

    /// <summary>Name of the blob that holds the record, for one too big for its row.</summary>
    public const string JsonBlob = nameof(JsonBlob);

    /// <summary>What a pass needs to know of every row.</summary>
    public static readonly string[] Summary = ["RowKey", Hash, LastChanged, FetchedAt, MissingSince, UnlistedAt, DeletedAt];

    private const string JsonText = "Json";

    /// <summary>Names may come twice.</summary>
    private static readonly JsonWriterOptions _readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true,
    };

    /// <summary>A row holds at most 1 MiB at two bytes a character: this much leaves room for the columns.</summary>
    private const int MaxInlineLength = 10 * StoredText.PieceLength;

    public static string KeyOf(long id) => id.ToString("D19", CultureInfo.InvariantCulture);

    public static long IdOf(TableEntity row) => long.Parse(row.RowKey, CultureInfo.InvariantCulture);

    /// <summary>Whether a row is a record's; somebody else may have put another into the table.</summary>
    public static bool IsRecord(TableEntity row) => row.RowKey.Length == 19 && long.TryParse(row.RowKey, NumberStyles.None, null, out _);

    public static bool IsDeleted(TableEntity row) => row.ContainsKey(DeletedAt);

    public static DateTimeOffset Time(TableEntity row, string column) => row.GetDateTimeOffset(column) ?? DateTimeOffset.MinValue;

    /// <summary>The record's part of its row: columns, text and hash.</summary>
    public static TableEntity Build(MirrorScope scope, CatalogueRecord record)
    {
        var row = new TableEntity(scope.Site, KeyOf(record.Id));
        foreach (var column in scope.Resource.Columns)
        {
            if (column.Read(record.Value) is { } value)
                row[column.Name] = value;
        }

        row[Hash] = record.Hash;
        row[FetchedAt] = record.Raw.RequestedAt;
        var json = Encoding.UTF8.GetString(record.Raw.Json.Span);
        if (json.Length > MaxInlineLength)
        {
            // A name of its own, so that no blob that a row points to is ever overwritten or removed.
            row[JsonBlob] = $"{BlobName(scope, row.RowKey, record.Raw.RequestedAt)}-{record.Hash}.json";
            return row;
        }

        StoredText.Put(row, JsonText, json);
        return row;
    }

    /// <summary>How the name of a record's blob begins: those that were fetched later come later.</summary>
    public static string BlobName(MirrorScope scope, string key, DateTimeOffset fetched)
        => string.Create(CultureInfo.InvariantCulture, $"{scope.Path}/{key}/{fetched.UtcTicks:D19}");

    /// <summary>Enters a change, at a time of its own: later than that of the change before.</summary>
    /// <param name="row">The row that it leaves behind.</param>
    /// <param name="change">What it is.</param>
    /// <param name="source">By what it came.</param>
    /// <param name="now">The time.</param>
    /// <param name="before">The row as it was before; null if there was none.</param>
    public static void Stamp(TableEntity row, ChangeKind change, ChangeSource source, DateTimeOffset now, TableEntity? before)
    {
        var last = before is null ? DateTimeOffset.MinValue : Time(before, LastChanged);
        row[LastChanged] = now > last ? now : last.AddTicks(1);
        row[Change] = change.ToString();
        row[Source] = source.ToString();
        if (change is not ChangeKind.Created && before?.GetString(Hash) is { } hash)
            row[HashBefore] = hash;
        else
            row.Remove(HashBefore);
    }

    /// <summary>Enters that a record has come in for the first time.</summary>
    public static void StampNew(TableEntity row, ChangeSource source, DateTimeOffset now)
    {
        row[FirstSeen] = now;
        Stamp(row, ChangeKind.Created, source, now, before: null);
    }

    /// <summary>The same content, fetched later: whatever was fetched before that must not replace it, and it is not missing.</summary>
    public static void Renew(TableEntity row, CatalogueRecord record)
    {
        row[FetchedAt] = record.Raw.RequestedAt;
        if (IsUnlisted(row, record))
            row[UnlistedAt] = record.Raw.RequestedAt;
        else
            row.Remove(UnlistedAt);
        row.Remove(MissingSince);
    }

    /// <summary>Whether a record that was found is one that the lists omit.</summary>
    /// <param name="row">Its row before.</param>
    public static bool IsUnlisted(TableEntity row, CatalogueRecord record)
        => record.IsListed is not true && (record.IsListed is false || MissingMark.Of(row) != default);

    /// <summary>Takes out of a row what it says about people. The hash stays, by which a pass knows the record again.</summary>
    /// <param name="json">The record as the row has it; null if the blob is gone that held it.</param>
    public static void Redact(TableEntity row, ResourceDescription resource, BinaryData? json)
    {
        foreach (var column in resource.PersonalColumns)
            row.Remove(column.Name);
        row.Remove(JsonBlob);
        StoredText.Put(row, JsonText, Redact(json?.ToString() is { Length: > 0 } text ? text : "{}", resource));
    }

    /// <summary>A record without what it says about people.</summary>
    private static string Redact(string json, ResourceDescription resource)
    {
        if (JsonElement.Parse(json) is not { ValueKind: JsonValueKind.Object } record)
            return "{}";
        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            using var writer = new Utf8JsonWriter(buffer, _readable);
            writer.WriteStartObject();
            foreach (var field in record.EnumerateObject())
            {
                writer.WritePropertyName(field.Name);
                if (resource.PersonalFields.Contains(field.Name))
                    writer.WriteNullValue();
                else
                    writer.WriteRawValue(field.Value.GetRawText(), skipInputValidation: true);
            }

            writer.WriteEndObject();
        }
        catch (InvalidOperationException)
        {
            // A name is no text, such as half a surrogate pair: nobody can tell whether the field is about people.
            return "{}";
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The record as received, or null if a blob holds it.</summary>
    public static string? Json(TableEntity row) => row.ContainsKey(JsonBlob) ? null : StoredText.Get(row, JsonText);

    /// <summary>Bytes of the row's texts.</summary>
    public static int Length(TableEntity row) => row.Sum(property => property.Value is string text ? Encoding.UTF8.GetByteCount(text) : 0);

    /// <summary>The most that the row can take of a request's 4 MB: every character may travel as an escape of six.</summary>
    public static int RequestLength(TableEntity row)
        => row.Sum(property => 100 + (property.Key.Length + (property.Value is string text ? EscapedLength(text) : 50)));

    private static int EscapedLength(string text)
    {
        var length = text.Length;
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != ' ')
                length += 5;
        }

        return length;
    }
}

using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Data.Tables;
using Springest.Functions.Status.Report;
using Springest.Functions.Storage;

namespace Springest.Functions.Status;

/// <summary>
/// The table <c>TodoBoard</c>: what waits for a person, as it was measured last. Whoever looks reads this one row, instead of everything
/// that it is made of.
/// </summary>
public sealed partial class TodoBoard(AppStorage storage, StatusReader reader, TimeProvider time)
{
    public const string Table = "TodoBoard";

    private const string Key = "board";

    /// <summary>As it was measured last; null if it never was.</summary>
    public async Task<State?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await storage.Table(Table).FindAsync<TableEntity>(Key, Key, cancellationToken) is not { } row || row.GetInt32("Format") != 1)
            return null;
        await using var packed = new GZipStream(new MemoryStream(row.GetBinary("Board")), CompressionMode.Decompress);
        return new State(
            row.GetString("Hash"), row.GetDateTimeOffset("At")!.Value,
            (await JsonSerializer.DeserializeAsync(packed, BoardJson.Default.Board, cancellationToken))!);
    }

    /// <summary>Measures, and keeps what came of it.</summary>
    public async Task<State> RenewAsync(CancellationToken cancellationToken)
        => await KeepAsync(await reader.ReadAsync(cancellationToken), cancellationToken);

    /// <summary>Keeps what was measured.</summary>
    public async Task<State> KeepAsync(StatusReport report, CancellationToken cancellationToken)
    {
        var board = new Board(
            [.. report.Sites.Select(site => new TodoList.SiteFigures(site.Site, site.Certificates, site.Inbox))], report.Attention);
        var json = JsonSerializer.SerializeToUtf8Bytes(board, BoardJson.Default.Board);
        var state = new State(Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 8)), time.GetUtcNow(), board);
        using var packed = new MemoryStream();
        await using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await packing.WriteAsync(json, cancellationToken);
        await storage.Table(Table).UpsertEntityAsync(
            new TableEntity(Key, Key) { ["Format"] = 1, ["Hash"] = state.Hash, ["At"] = state.At, ["Board"] = packed.ToArray() },
            TableUpdateMode.Replace, cancellationToken);
        return state;
    }

    /// <param name="Hash">The same as long as nothing changes.</param>
    /// <param name="At">When it was measured.</param>
    /// <param name="Board">What came of it.</param>
    public sealed record State(string Hash, DateTimeOffset At, Board Board);

    /// <param name="Sites">Each site, in figures.</param>
    /// <param name="Attention">What waits.</param>
    public sealed record Board(IReadOnlyList<TodoList.SiteFigures> Sites, IReadOnlyList<AttentionItem> Attention);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Board))]
    private sealed partial class BoardJson : JsonSerializerContext;
}

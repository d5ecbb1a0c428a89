using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Webhooks;
using Springest.Testing;

namespace Springest.Functions.Tests.Privacy;

/// <summary>Looks through everything that the app has stored, as somebody would who wants to find a person in it.</summary>
internal sealed class StorageSearch(TestApp app)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// Where a text stands: as it is, percent-encoded, in Base64 wherever it begins, escaped as in JSON, or as a hash that anybody can
    /// make; also in what is packed. Bodies of webhooks that are blobs are left out.
    /// </summary>
    public Task<List<string>> FindAsync(params IReadOnlyCollection<string> texts) => FindAsync(texts, except: []);

    /// <summary>The same, but where it is only part of a longer one, which another person is called.</summary>
    public Task<List<string>> FindExceptInAsync(string longer, string text) => FindAsync([text], [.. Forms(longer)]);

    /// <summary>What the value of a column says.</summary>
    public static string TextOf(object? value) => value is byte[] bytes ? TextOf(new BinaryData(bytes)) : $"{value}";

    /// <summary>What bytes say: unpacked if they are packed, of a workbook every part.</summary>
    public static string TextOf(BinaryData content)
    {
        var bytes = content.ToMemory().Span;
        if (bytes.StartsWith("PK"u8))
        {
            using var parts = new ZipArchive(content.ToStream());
            return string.Concat(parts.Entries.Select(part => TextIn(part.Open())));
        }

        return bytes.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b])
            ? TextIn(new GZipStream(content.ToStream(), CompressionMode.Decompress))
            : Encoding.UTF8.GetString(bytes);
    }

    private async Task<List<string>> FindAsync(IReadOnlyCollection<string> texts, List<string> except)
    {
        var forms = texts.SelectMany(Forms).ToList();
        var found = new List<string>();
        foreach (var table in Registrations.Tables)
        {
            await foreach (var row in app.Storage.Table(table).QueryAsync<TableEntity>(cancellationToken: Cancellation))
            {
                if (row.Any(column => IsIn($"{column.Key} {TextOf(column.Value)}")))
                    found.Add($"{table} {row.PartitionKey} {row.RowKey}");
            }
        }

        var containers = app.Get<CertificateContainers>();
        BlobContainerClient[] all =
        [
            containers.Drop, containers.Accepted, containers.Rejected,
            .. Registrations.Containers.Where(name => name != WebhookStorage.Bodies).Select(app.Storage.Container),
        ];
        foreach (var container in all)
        {
            await foreach (var blob in container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.Snapshots, null, Cancellation))
            {
                var at = container.GetBlobClient(blob.Name);
                var content = await (blob.Snapshot is null ? at : at.WithSnapshot(blob.Snapshot)).DownloadContentAsync(Cancellation);
                if (IsIn(blob.Name + string.Concat(blob.Metadata.Values) + TextOf(content.Value.Content)))
                    found.Add($"{container.Name} {blob.Name}");
            }
        }

        var poison = app.Get<QueueServiceClient>().GetQueueClient("webjobs-blobtrigger-poison");
        if (await poison.ExistsAsync(Cancellation))
        {
            var messages = await poison.PeekMessagesAsync(32, Cancellation);
            found.AddRange(messages.Value.Where(message => IsIn(message.Body.ToString())).Select(message => message.MessageId));
        }

        return found;

        bool IsIn(string said)
        {
            foreach (var longer in except)
                said = said.Replace(longer, " ", StringComparison.OrdinalIgnoreCase);
            return forms.Exists(form => said.Contains(form, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static IEnumerable<string> Forms(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        yield return text;
        yield return Uri.EscapeDataString(text);
        yield return JavaScriptEncoder.Default.Encode(text);
        yield return JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);
        // Without the letters at both ends that belong to what stands before and after it.
        for (var shift = 0; shift < 3; shift++)
            yield return Convert.ToBase64String([.. new byte[shift], .. bytes])[(shift == 0 ? 0 : 4)..^4].TrimEnd('=');
        yield return Convert.ToHexString(SHA256.HashData(bytes))[..16];
        yield return Convert.ToHexString(SHA512.HashData(bytes))[..16];
    }

    private static string TextIn(Stream unpacked)
    {
        using var text = new StreamReader(unpacked);
        return text.ReadToEnd();
    }
}

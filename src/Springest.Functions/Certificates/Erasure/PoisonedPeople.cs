using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Springest.Functions.Privacy;

namespace Springest.Functions.Certificates.Erasure;

/// <summary>People in the names of files whose events the host has given up: the messages of its poison queue.</summary>
public sealed class PoisonedPeople(CertificateBacklog backlog, QueueServiceClient queues, TimeProvider time) : IPersonalData
{
    private const string Kind = "event";

    // As many as storage gives at once.
    private const int Batch = 32;

    // How often one looks again for what another search hides.
    private const int MostLooks = 3;

    // A message can be removed only with the receipt of its last reader, and is hidden from all others for this long.
    private static readonly TimeSpan _hidden = TimeSpan.FromSeconds(1);

    private readonly QueueClient _queue = queues.GetQueueClient(CertificateBacklog.PoisonQueue);

    public async IAsyncEnumerable<PersonalRecord> FindAsync(
        PersonText person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var message in ReadAllAsync(cancellationToken))
        {
            var file = FileOf(message.Body.ToString());
            var isCertain = NamedPeople.IsAbout(file, person);
            if (isCertain || person.MayBeIn(file))
                yield return new PersonalRecord(new RecordName(Kind, message.MessageId), file, isCertain);
        }
    }

    public async Task<ErasureOutcome?> ForgetAsync(RecordName record, CancellationToken cancellationToken)
    {
        if (record.Kind != Kind)
            return null;
        if (await ReadAllAsync(cancellationToken).FirstOrDefaultAsync(message => message.MessageId == record.Id, cancellationToken)
            is not { } found)
            return ErasureOutcome.Absent;
        try
        {
            await _queue.DeleteMessageAsync(found.MessageId, found.PopReceipt, cancellationToken);
            return ErasureOutcome.Removed;
        }
        // Another search has received it meanwhile.
        catch (RequestFailedException e) when (e.Status is 400 or 404)
        {
            return ErasureOutcome.Later;
        }
    }

    /// <summary>Every message once, also those that another search hides for a moment.</summary>
    private async IAsyncEnumerable<QueueMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (count, seen, looks) = (await backlog.CountPoisonedAsync(cancellationToken), new HashSet<string>(StringComparer.Ordinal), 0);
        while (seen.Count < count && looks < MostLooks)
        {
            var messages = (await _queue.ReceiveMessagesAsync(Batch, _hidden, cancellationToken)).Value;
            var fresh = messages.Where(message => seen.Add(message.MessageId)).ToList();
            foreach (var message in fresh)
                yield return message;
            looks = fresh.Count > 0 ? 0 : looks + 1;
            if (fresh.Count == 0)
                await Task.Delay(_hidden, time, cancellationToken);
        }
    }

    // The host writes JSON in Base64. What is something else is searched as it is.
    private static string FileOf(string message)
    {
        var bytes = new byte[message.Length];
        var text = Convert.TryFromBase64String(message, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : message;
        try
        {
            return JsonNode.Parse(text)?["BlobName"]?.GetValue<string>() ?? text;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return text;
        }
    }
}

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
public sealed class PoisonedPeople(QueueServiceClient queues) : IPersonalData
{
    private const string Kind = "event";

    // As many as storage gives at once.
    private const int Batch = 32;

    // A message can only be removed by whoever received it last, hidden or not.
    private static readonly TimeSpan _hidden = TimeSpan.FromSeconds(1);

    private readonly QueueClient _queue = queues.GetQueueClient(CertificateBacklog.PoisonQueue);

    public async IAsyncEnumerable<PersonalRecord> FindAsync(
        PersonText person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Once each, also if it takes so long that the first are seen again.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (await ReceiveAsync(cancellationToken) is { Length: > 0 } messages && messages.Any(message => seen.Add(message.MessageId)))
        {
            foreach (var message in messages)
            {
                var file = FileOf(message.Body.ToString());
                var isCertain = NamedPeople.IsAbout(file, person);
                if (isCertain || person.MayBeIn(file))
                    yield return new PersonalRecord(new RecordName(Kind, $"{message.MessageId}/{message.PopReceipt}"), file, isCertain);
            }
        }
    }

    public async Task<ErasureOutcome?> ForgetAsync(RecordName record, CancellationToken cancellationToken)
    {
        if (record.Kind != Kind)
            return null;
        if (record.Id.Split('/', 2) is not [{ Length: > 0 } id, { Length: > 0 } receipt])
            return ErasureOutcome.Absent;
        try
        {
            await _queue.DeleteMessageAsync(id, receipt, cancellationToken);
            return ErasureOutcome.Removed;
        }
        // It is gone, or somebody else has searched meanwhile and found it under another receipt.
        catch (RequestFailedException e) when (e.Status is 400 or 404)
        {
            return ErasureOutcome.Absent;
        }
    }

    public IReadOnlyList<RemainingData> ListRemaining(DateTimeOffset erased) => [];

    private async Task<QueueMessage[]> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await _queue.ReceiveMessagesAsync(Batch, _hidden, cancellationToken)).Value;
        }
        // The host makes the queue when it first needs it.
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return [];
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

using System.Net;

namespace Springest.Functions.Webhooks;

/// <summary>Bounds the memory that bodies take together, however many come at once.</summary>
internal sealed class IntakeLimit(long maxBytes)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly long _maxBytes = maxBytes;
    private long _held;

    /// <summary>Opens the account of one delivery, to be closed when its body is no longer needed.</summary>
    public Account Open() => new(this);

    internal sealed class Account(IntakeLimit limit) : IDisposable
    {
        private long _held;

        /// <summary>Allocates a buffer.</summary>
        /// <exception cref="WebhookRefusedException">Too many bodies are held already.</exception>
        public byte[] Allocate(int length)
        {
            _held += length;
            return Interlocked.Add(ref limit._held, length) <= limit._maxBytes
                ? new byte[length]
                : throw new WebhookRefusedException(HttpStatusCode.ServiceUnavailable, "Too many webhooks are coming in at once.") { RetryAfter = Pause };
        }

        public void Dispose() => Interlocked.Add(ref limit._held, -_held);
    }
}

using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Springest.LocalHost;

/// <summary>
/// Keeps word of blobs that failed every attempt: the message that the platform puts in the queue <c>webjobs-blobtrigger-poison</c>,
/// as a blob of a container of that name in the same account.
/// </summary>
internal sealed partial class PoisonBlobs(ILogger<PoisonBlobs> logger)
{
    private const string Name = "webjobs-blobtrigger-poison";

    [SuppressMessage("Design", "CA1031", Justification = "It is logged, and nobody else could do more.")]
    public async Task AddAsync(BlobFunction function, string blob, string version, int attempts)
    {
        var name = function.Function.Name;
        Log.Poison(logger, name, $"{function.Path.Container}/{blob}", attempts, Name);
        try
        {
            var container = function.Account.GetBlobContainerClient(Name);
            await container.CreateIfNotExistsAsync();
            await container.UploadBlobAsync($"{Guid.NewGuid()}.json", BinaryData.FromObjectAsJson(new
            {
                Type = "BlobTrigger",
                FunctionId = $"Host.Functions.{name}",
                BlobType = "BlockBlob",
                ContainerName = function.Path.Container,
                BlobName = blob,
                ETag = version,
            }));
        }
        catch (Exception exception)
        {
            Log.NotKept(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Function} failed {Attempts} times for {Blob}, which is given up; see container {Container}.")]
        public static partial void Poison(ILogger logger, string function, string blob, int attempts, string container);

        [LoggerMessage(2, LogLevel.Error, "The poison message cannot be kept.")]
        public static partial void NotKept(ILogger logger, Exception exception);
    }
}

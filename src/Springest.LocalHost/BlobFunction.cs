using System.Reflection;
using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace Springest.LocalHost;

/// <summary>A function that runs for every new and every overwritten blob of a path.</summary>
internal sealed class BlobFunction
{
    public BlobFunction(string name, MethodInfo method, ParameterInfo trigger, BlobTriggerAttribute attribute, IConfiguration settings)
    {
        Path = BlobPath.Parse(settings.Resolve(attribute.BlobPath));
        Source = attribute.Source;
        var connection = attribute.Connection ?? "AzureWebJobsStorage";
        Account = BlobConnection.Open(settings, connection);
        Container = Account.GetBlobContainerClient(Path.Container);
        Listing = BlobConnection.Open(settings, connection, Impatient()).GetBlobContainerClient(Path.Container);
        Function = new Function(name, method, "blobTrigger", parameter
            => parameter.Position == trigger.Position ? BindBlob(parameter.ParameterType)
                : parameter.ParameterType == typeof(string) && Path.Names.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase)
                ? context => new(context.BindingContext.BindingData[parameter.Name!])
                : null);
    }

    public Function Function { get; }

    public BlobPath Path { get; }

    public BlobTriggerSource Source { get; }

    public BlobServiceClient Account { get; }

    public BlobContainerClient Container { get; }

    /// <summary>The container for who asks again soon anyway.</summary>
    public BlobContainerClient Listing { get; }

    private static BlobClientOptions Impatient() => new()
    {
        Retry = { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(100), NetworkTimeout = TimeSpan.FromSeconds(10) },
    };

    private static ParameterBinder BindBlob(Type type)
    {
        if (type == typeof(BlobClient))
            return context => new(Blob(context));
        if (type == typeof(Stream))
            return async context => await Blob(context).OpenReadAsync(cancellationToken: context.CancellationToken);
        if (type == typeof(BinaryData))
            return async context => await ReadAsync(context);
        if (type == typeof(byte[]))
            return async context => (await ReadAsync(context)).ToArray();
        if (type == typeof(string))
            return async context => (await ReadAsync(context)).ToString();
        throw new FunctionsHostException(
            $"Its blob trigger must be a parameter of type BlobClient, Stream, BinaryData, byte[] or string, not {type.Name}.");
    }

    private static BlobClient Blob(LocalFunctionContext context) => (BlobClient)context.Trigger!;

    private static async Task<BinaryData> ReadAsync(LocalFunctionContext context)
        => (await Blob(context).DownloadContentAsync(context.CancellationToken)).Value.Content;
}

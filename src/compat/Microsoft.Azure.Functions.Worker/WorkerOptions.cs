using Azure.Core.Serialization;

namespace Microsoft.Azure.Functions.Worker;

public class WorkerOptions
{
    /// <summary>Reads and writes JSON bodies.</summary>
    public ObjectSerializer? Serializer { get; set; }
}

using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Springest.Functions.Access;
using Springest.Functions.Catalogue.Api;
using Springest.Functions.Catalogue.Resources;
using Springest.Simulator;
using Springest.Testing.Catalogue;

namespace Springest.Testing.Certificates;

/// <summary>The app as a process that submits certificates and does nothing else.</summary>
internal static class CertificateProcess
{
    public const string OperatorKey = "operator-key";

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <summary>A simulator with one certification, which the app's files are for.</summary>
    public static async Task<SimulatorServer> SimulateAsync(CancellationToken cancellationToken)
    {
        var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions
            {
                Trainings = 0,
                Subjects = 0,
                Certifications = 0,
            },
            cancellationToken);
        simulator.Catalogue.Certifications.Put(
            new JsonObject
            {
                ["id"] = 3101,
                ["name"] = "Projectleider",
                ["requires_valid_until"] = false,
            });
        return simulator;
    }

    /// <summary>Starts it. The drop is the container <c>{prefix}certificates</c>.</summary>
    public static Task<AppProcess> StartAsync(
        string storage, string prefix, SimulatorServer simulator, string logFile, Dictionary<string, string>? settings = null,
        CancellationToken cancellationToken = default)
    {
        var all = MirrorProcess
            .Schedules()
            .ToDictionary(schedule => schedule.Replace(":", "__", StringComparison.Ordinal), _ => "0 0 0 1 1 *");
        all["AzureWebJobsStorage"] = storage;
        all["LocalHost__FunctionKey"] = "function-key";
        all["Springest__Access__Keys"] = AccessKey.Format([AccessKey.Of("office", AccessRole.Operator, OperatorKey)]);
        all["Springest__Storage__Prefix"] = prefix;
        all["Springest__Sites__nl__Host"] = simulator.Address.ToString();
        all["Springest__Sites__nl__ApiKey"] = "simulator-key";
        all["Springest__Mirror__Certifications__Schedule"] = "* * * * * *";
        all["Springest__Certificates__Container"] = $"{prefix}certificates";
        all["Springest__Certificates__SweepSchedule"] = "* * * * * *";
        foreach (var (name, value) in settings ?? [])
            all[name] = value;
        return AppProcess.StartAsync(all, logFile, cancellationToken: cancellationToken);
    }

    /// <summary>Drops a file with all that is to be said about it, for a person of its own.</summary>
    public static async Task DropAsync(BlobContainerClient drop, string name, byte[] content, CancellationToken cancellationToken)
    {
        var metadata = new Dictionary<string, string>
        {
            ["certification_id"] = "3101",
            ["email"] = $"{string.Concat(name.Where(char.IsAsciiLetterOrDigit))}@example.test",
            ["valid_from"] = "2026-01-15",
        };
        await drop.GetBlobClient(name)
            .UploadAsync(new BinaryData(content), new BlobUploadOptions { Metadata = metadata }, cancellationToken);
    }

    /// <summary>Waits until it knows the certifications.</summary>
    public static async Task BeReadyAsync(string storage, string prefix, CancellationToken cancellationToken)
    {
        var status = new CatalogueStatus(MirrorProcess.Storage(storage, prefix));
        while (!await status.ReadAsync(cancellationToken).AnyAsync(
            each => each is { Resource: nameof(Certifications), FullPassCompleted: not null }, cancellationToken))
            await Task.Delay(_pause, TimeProvider.System, cancellationToken);
    }
}

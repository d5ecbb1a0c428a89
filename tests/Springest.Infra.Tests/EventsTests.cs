using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Intake;

namespace Springest.Infra.Tests;

/// <summary>Files that come into the drop reach the function that takes them in, and no others do.</summary>
public sealed class EventsTests(Deployments deployments)
{
    private const string Subscription = "Microsoft.EventGrid/systemTopics/eventSubscriptions";

    [Fact]
    public async Task Only_new_files_of_the_drop_are_announced()
    {
        var filter = (await deployments.Events).One(Subscription)["properties"]!["filter"]!;
        var prefix = filter["subjectBeginsWith"]!.GetValue<string>();
        var drop = new CertificatesOptions().Container;

        Assert.Equal(["Microsoft.Storage.BlobCreated"], filter["includedEventTypes"]!.AsArray().Select(type => type!.GetValue<string>()));
        Assert.StartsWith(prefix, $"/blobServices/default/containers/{drop}/blobs/nl/1.pdf", StringComparison.Ordinal);
        foreach (
            var other in (await deployments.Least)
                .Names("Microsoft.Storage/storageAccounts/blobServices/containers")
                .Where(name => name != drop))
            Assert.False($"/blobServices/default/containers/{other}/blobs/nl/1.pdf".StartsWith(prefix, StringComparison.Ordinal), other);
    }

    [Fact]
    public async Task They_go_to_the_function_whose_trigger_waits_for_events()
    {
        var method = typeof(SubmitCertificateFunction).GetMethod(nameof(SubmitCertificateFunction.RunAsync))!;
        var trigger = method
            .GetParameters()
            .Select(parameter => parameter.GetCustomAttribute<BlobTriggerAttribute>())
            .OfType<BlobTriggerAttribute>()
            .Single();
        var url = (await deployments.Events).One(Subscription)["properties"]!["destination"]!["properties"]![
            "endpointUrl"
        ]!.GetValue<string>();

        Assert.Equal(BlobTriggerSource.EventGrid, trigger.Source);
        Assert.Contains(
            $"/runtime/webhooks/blobs?functionName=Host.Functions.{method.GetCustomAttribute<FunctionAttribute>()!.Name}&code=",
            url,
            StringComparison.Ordinal);
        // Read where it is used, so that it is in no parameter, output or command line.
        Assert.Matches(@"listKeys\('[^']*/func-test/host/default'.*systemKeys\.blobs_extension", url);
    }

    [Fact]
    public async Task What_cannot_be_delivered_is_kept()
    {
        var properties = (await deployments.Events).One(Subscription)["properties"]!;
        var deadLetters = properties["deadLetterWithResourceIdentity"]!;

        Assert.Equal("SystemAssigned", deadLetters["identity"]!["type"]!.GetValue<string>());
        Assert.Equal("dead-letters", deadLetters["deadLetterDestination"]!["properties"]!["blobContainerName"]!.GetValue<string>());
        Assert.Equal(30, properties["retryPolicy"]!["maxDeliveryAttempts"]!.GetValue<int>());
    }
}

using System.Reflection;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace Springest.Client.Tests;

/// <summary>A program that uses the client can be tested without any server.</summary>
public sealed class MockingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_can_be_substituted()
    {
        var client = Substitute.For<SpringestClient>();
        client.Site.Returns("nl");
        client.ListTrainings(Arg.Any<TrainingFilter>(), Arg.Any<ListOptions>()).Returns(
            SpringestModelFactory.List(new Training { Id = 1, Name = "A" }, new Training { Id = 2, Name = "B" }));
        client.GetTrainingAsync(3, Arg.Any<CancellationToken>())
            .ThrowsAsync(new SpringestException("no") { Status = System.Net.HttpStatusCode.NotFound });
        client.CreateCertificateAsync(Arg.Any<CertificateUpload>(), Arg.Any<CancellationToken>())
            .ThrowsAsync(new SpringestException("lost") { Outcome = WriteOutcome.Unknown });

        var names = await client.ListTrainings().Select(training => training.Name).ToListAsync(Cancellation);
        var page = await client.ListTrainings().AsPages().SingleAsync(Cancellation);
        var missing = await Assert.ThrowsAsync<SpringestException>(() => client.GetTrainingAsync(3, Cancellation));
        var lost = await Assert.ThrowsAsync<SpringestException>(() => client.CreateCertificateAsync(Uploads.Certificate(), Cancellation));

        Assert.Equal(["A", "B"], names);
        Assert.Equal((2, 2L), (page.Items.Count, page.Total));
        Assert.Equal(("nl", System.Net.HttpStatusCode.NotFound, true), (client.Site, missing.Status, lost.OutcomeUnknown));
    }

    [Fact]
    public void Every_public_member_can_be_overridden()
    {
        var fixedMembers = typeof(SpringestClient).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => !method.IsVirtual || method.IsFinal);

        Assert.Empty(fixedMembers);
    }
}

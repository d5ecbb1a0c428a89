using System.Security.Cryptography;

namespace Springest.Client.Tests;

public sealed class CertificateTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_certificate_arrives_as_it_was_sent_with_the_certifications_key()
    {
        await using var api = await Api.StartAsync();
        var certification = await api.Client.ListCertifications().FirstAsync(Cancellation);
        var file = RandomNumberGenerator.GetBytes(300_000);

        var id = await api.Client.CreateCertificateAsync(
            Uploads.Certificate(certification.Id) with
            {
                Content = new MemoryStream(file),
            },
            Cancellation);

        var posted = Assert.Single(api.Simulator.Certificates.Snapshot());
        Assert.Equal(posted.Id, id);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), posted.Sha256);
        Assert.Equal("2026-01-02", posted.Fields["valid_from"]);
        Assert.All(api.Simulator.Requests.Snapshot(), request => Assert.Equal("certifications", request.Key));
    }

    [Theory]
    [InlineData("diploma.pdf", "diploma.pdf")]
    [InlineData("Überprüfung – 証明書 🎓.pdf", "Überprüfung – 証明書 🎓.pdf")]
    [InlineData("a\"; name=\"email\"\r\nX: y.pdf", "a%22; name=%22email%22__X: y.pdf")]
    [InlineData("../..\\up.pdf", ".._.._up.pdf")]
    public async Task File_names_arrive_whole_and_end_no_header(string name, string expected)
    {
        await using var api = await Api.StartAsync();
        var certification = await api.Client.ListCertifications().FirstAsync(Cancellation);

        await api.Client.CreateCertificateAsync(
            Uploads.Certificate(certification.Id) with { FileName = name }, Cancellation);

        var posted = Assert.Single(api.Simulator.Certificates.Snapshot());
        Assert.Equal(expected, posted.FileName);
        Assert.Equal("deelnemer@example.test", posted.Fields["email"]);
    }

    [Fact]
    public async Task Faults_are_told_by_field_and_nothing_is_sent_twice()
    {
        await using var api = await Api.StartAsync();
        var certification = await api.Client.ListCertifications().FirstAsync(Cancellation);
        api.Simulator.Requests.Clear();

        var upload = Uploads.Certificate(certification.Id) with { Email = "onbekend@example.test" };
        var fault = await Assert.ThrowsAsync<SpringestException>(() => api.Client.CreateCertificateAsync(upload, Cancellation));

        Assert.Contains("email", fault.Errors.Keys);
        Assert.False(fault.OutcomeUnknown);
        Assert.Equal(1, api.Simulator.Requests.Count);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_broken_off()
    {
        await using var api = await Api.StartAsync();
        var (gone, other) = (new IOException("The disk is gone."), new NotSupportedException("Not that way."));

        var fault = await Assert.ThrowsAsync<SpringestException>(() => SendAsync(gone));

        Assert.Equal(WriteOutcome.Unknown, fault.Outcome);
        Assert.Same(gone, fault.GetBaseException());
        Assert.Same(other, await Assert.ThrowsAsync<NotSupportedException>(() => SendAsync(other)));
        Assert.Empty(api.Simulator.Certificates.Snapshot());

        Task SendAsync(Exception exception) => api.Client.CreateCertificateAsync(
            Uploads.Certificate() with { Content = new BrokenStream(exception) }, Cancellation);
    }

    private sealed class BrokenStream(Exception fault) : MemoryStream(new byte[1000])
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => ValueTask.FromException<int>(fault);
    }
}

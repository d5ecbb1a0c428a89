using System.Net;
using System.Security.Cryptography;
using System.Text;
using Springest.Simulator;
using Springest.Simulator.Recording;

namespace Springest.Client.Tests.Simulator;

public sealed class CertificateTests : IAsyncLifetime
{
    private static readonly byte[] Pdf = [.. "%PDF-1.7\n"u8, 0, 200, 255, .. "%%EOF"u8];

    private SimulatorServer _simulator = null!;
    private ApiCaller _api = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Trainings = 1 }, TestContext.Current.CancellationToken);
        _api = new ApiCaller(_simulator);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    [Theory]
    [InlineData("certificates.json")]
    [InlineData("users/certificates.json")]
    [InlineData("certificates")]
    public async Task A_posted_certificate_is_kept_with_its_fields_and_the_hash_of_its_file(string path)
    {
        var answer = await _api.PostAsync(path, Form(_simulator, ("booking_id", "610001")));

        var certificate = Assert.Single(_simulator.Certificates.Snapshot());
        Assert.Equal(certificate.Id, (long)answer["id"]!);
        Assert.Equal("deelnemer@example.test", certificate.Fields["email"]);
        Assert.Equal("610001", certificate.Fields["booking_id"]);
        Assert.Equal(Id(_simulator, requiresValidUntil: true), certificate.CertificationId);
        Assert.Equal("diploma é.pdf", certificate.FileName);
        Assert.Equal("application/pdf", certificate.ContentType);
        Assert.Equal(Pdf.Length, certificate.Size);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Pdf)), certificate.Sha256);
    }

    [Theory]
    [InlineData("email", null, "is required")]
    [InlineData("email", "nobody", "should be an email address")]
    [InlineData("email", "Onbekend@example.test", "does not exist")]
    [InlineData("certification_id", null, "is required")]
    [InlineData("certification_id", "1", "does not exist")]
    [InlineData("certification_id", "x", "should be an integer")]
    [InlineData("valid_from", null, "is required")]
    [InlineData("valid_from", "15-01-2023", "should be a date")]
    [InlineData("valid_until", null, "is required")]
    [InlineData("valid_until", "2023-01-14", "is before valid_from")]
    [InlineData("booking_id", "12b", "should be an integer")]
    [InlineData("file", null, "is required")]
    public async Task A_certificate_with_a_fault_is_refused(string field, string? value, string fault)
    {
        var answer = await _api.PostAsync("certificates.json", Form(_simulator, (field, value)), HttpStatusCode.BadRequest);

        Assert.Equal([fault], answer["error"]![field]!.AsArray().Select(text => (string)text!));
        Assert.Single(answer["error"]!.AsObject());
        Assert.Equal(0, _simulator.Certificates.Count);
    }

    [Fact]
    public async Task Valid_until_may_be_missing_where_it_is_not_required()
    {
        var certification = Id(_simulator, requiresValidUntil: false).ToString(System.Globalization.CultureInfo.InvariantCulture);

        await _api.PostAsync("certificates.json", Form(_simulator, ("certification_id", certification), ("valid_until", null)));

        Assert.Equal(1, _simulator.Certificates.Count);
    }

    [Fact]
    public async Task A_file_in_base64_is_refused()
    {
        var encoded = Encoding.ASCII.GetBytes(Convert.ToBase64String(Pdf, Base64FormattingOptions.InsertLineBreaks));

        var answer = await _api.PostAsync("certificates.json", Form(_simulator, encoded), HttpStatusCode.BadRequest);

        Assert.Equal("should not be encoded in Base64", (string)answer["error"]!["file"]![0]!);
    }

    [Theory]
    [InlineData(0, "is required")]
    [InlineData(1001, "is too large")]
    public async Task An_empty_or_too_large_file_is_refused(int size, string fault)
    {
        _simulator.Behaviour.MaxCertificateSize = 1000;

        var answer = await _api.PostAsync("certificates.json", Form(_simulator, new byte[size]), HttpStatusCode.BadRequest);

        Assert.Equal(fault, (string)answer["error"]!["file"]![0]!);
        await _api.PostAsync("certificates.json", Form(_simulator, new byte[1000]));
    }

    [Fact]
    public async Task Another_kind_of_body_has_no_fields()
    {
        using var body = new StringContent("hello");

        var answer = await _api.PostAsync("certificates.json", body, HttpStatusCode.BadRequest);

        Assert.Equal(["certification_id", "email", "valid_from", "file"], answer["error"]!.AsObject().Select(field => field.Key));
    }

    [Fact]
    public async Task Certificates_are_listed_while_their_certification_is_verified()
    {
        await _api.PostAsync("certificates.json", Form(_simulator));
        await _api.PostAsync("certificates.json", Form(_simulator, ("email", "ander@example.test"), ("valid_until", "2024-01-01")));
        var certification = Id(_simulator, requiresValidUntil: true);

        var all = await _api.JsonAsync("users/certificates.json");
        Assert.Equal(["verified", "expired"], all["certificates"]!.AsArray().Select(one => (string)one!["status"]!));
        Assert.Equal(1, await CountAsync("email=ANDER@example.test"));
        Assert.Equal(2, await CountAsync($"certification_id={certification}"));
        Assert.Equal(0, await CountAsync("certification_id=1"));
        Assert.Equal(2, await CountAsync("created_from=2020-01-01"));
        Assert.Equal(0, await CountAsync("created_from=2100-01-01"));

        _simulator.Catalogue.Certifications.Show(certification, visible: false);
        Assert.Equal(0, await CountAsync(""));
        var listed = (await _api.JsonAsync("certifications.json"))["certifications"]!.AsArray();
        Assert.DoesNotContain(certification, listed.Select(one => (long)one!["id"]!));
        await _api.PostAsync("certificates.json", Form(_simulator));
        _simulator.Catalogue.Certifications.Show(certification, visible: true);
        Assert.Equal(3, await CountAsync(""));
    }

    [Fact]
    public async Task Bodies_are_measured()
    {
        using var form = Form(_simulator);
        var length = form.Headers.ContentLength;

        await _api.PostAsync("certificates.json", form);

        var request = await _simulator.Requests.WaitForAsync(
            request => request.Outcome == RequestOutcome.Answered, TestContext.Current.CancellationToken);
        Assert.Equal(length, request.BodySize);
    }

    internal static MultipartFormDataContent Form(SimulatorServer simulator, params (string Name, string? Value)[] changes)
        => Form(simulator, Pdf, changes);

    private static MultipartFormDataContent Form(SimulatorServer simulator, byte[] file, params (string Name, string? Value)[] changes)
    {
        var fields = new Dictionary<string, string?>
        {
            ["certification_id"] = $"{Id(simulator, requiresValidUntil: true)}",
            ["email"] = "deelnemer@example.test",
            ["valid_from"] = "2023-01-15",
            ["valid_until"] = "2099-01-15",
        };
        foreach (var (name, value) in changes)
            fields[name] = value;
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields.Where(field => field is { Key: not "file", Value: not null }))
            form.Add(new StringContent(value!), name);
        if (!fields.ContainsKey("file"))
            form.Add(new ByteArrayContent(file) { Headers = { ContentType = new("application/pdf") } }, "file", "diploma é.pdf");
        return form;
    }

    private static long Id(SimulatorServer simulator, bool requiresValidUntil)
        => simulator.Catalogue.Certifications.Snapshot()
            .First(certification => (bool)certification.ToObject()["requires_valid_until"]! == requiresValidUntil).Id;

    private async Task<int> CountAsync(string query)
        => (int)(await _api.JsonAsync($"users/certificates.json?{query}"))["meta"]!["results"]!;
}

using System.Text.Json;
using Springest.Client;
using Springest.Tools;
using Springest.Tools.Check;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Testing;

namespace Springest.Infra.Tests.Deploy;

/// <summary>The check names what the API does otherwise than docs/springest-api.md infers.</summary>
public sealed class CheckTests
{
    private const string Key = "canary-key-of-check";

    // As docs/testing.md says.
    private const int MostRequests = 26;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly Dictionary<string, (Action<Behaviour> Set, string Topic)> s_contradictions = new()
    {
        [nameof(Behaviour.Xml)] = (simulator => simulator.Xml = false, "XML"),
        [nameof(Behaviour.WithoutExtension)] = (simulator => simulator.WithoutExtension = false, "path without extension"),
        [nameof(Behaviour.JsonContentType)] = (simulator => simulator.JsonContentType = "text/javascript", "content type of JSON"),
        [nameof(Behaviour.XmlContentType)] = (simulator => simulator.XmlContentType = "text/xml", "content type of XML"),
        [nameof(Behaviour.IdsAsStrings)] = (simulator => simulator.IdsAsStrings = true, "ids"),
        ["Envelopes, count"] = (simulator => simulator.Envelopes = new Dictionary<string,
            EnvelopeShape> { ["certifications"] = EnvelopeShape.Count }, "envelope of certifications"),
        ["Envelopes, no meta"] = (simulator => simulator.Envelopes = new Dictionary<string,
            EnvelopeShape> { ["institutes"] = EnvelopeShape.NoMeta }, "envelope of institutes"),
        ["Envelopes, bare"] = (simulator => simulator.Envelopes = new Dictionary<string,
            EnvelopeShape> { ["trainings"] = EnvelopeShape.Bare }, "envelope of a single record"),
        [nameof(Behaviour.NameFilters)] = (simulator => simulator.NameFilters = true, "meta.filters"),
        [nameof(Behaviour.BookingDatesMeanSince)] = (simulator => simulator.BookingDatesMeanSince = true, "created_at of bookings"),
        [nameof(Behaviour.RejectPageSize)] = (simulator => simulator.RejectPageSize = true, "size above 30"),
        [nameof(Behaviour.DescendingOrder)] = (simulator => simulator.DescendingOrder = true, "order"),
        [nameof(Behaviour.EmptyErrors)] = (simulator => simulator.EmptyErrors = true, "404"),
        [nameof(Behaviour.ErrorShape)] = (simulator => simulator.ErrorShape = ErrorShape.Text, "fault of a parameter"),
        [nameof(Behaviour.UnknownKeyStatus)] = (simulator => simulator.UnknownKeyStatus = 403, "request without a key"),
        [nameof(Behaviour.MethodNotAllowedText)] = (simulator => simulator.MethodNotAllowedText = "Forbidden",
            "method that a path does not have"),
        [nameof(Behaviour.XmlErrorRoot)] = (simulator => simulator.XmlErrorRoot = XmlErrorRoot.Hash, "root of an error in XML"),
        [nameof(Behaviour.LegacyRoutes)] = (simulator => simulator.LegacyRoutes = true, "routes of 2012"),
        [nameof(Behaviour.FromIsInclusive)] = (simulator => simulator.FromIsInclusive = false, "modified_from"),
        [nameof(Behaviour.CommaLists)] = (simulator => simulator.CommaLists = false, "several ids in one parameter"),
        [nameof(Behaviour.DescriptionLength)] = (simulator => simulator.DescriptionLength = 100, "length of descriptions in lists"),
        [nameof(Behaviour.OnlyInFull)] = (simulator => simulator.OnlyInFull = ["regions"], "fields in full lists only"),
        [nameof(Behaviour.NumericPrices)] = (simulator => simulator.NumericPrices = true, "price"),
        [nameof(Behaviour.ReviewCountField)] = (simulator => simulator.ReviewCountField = "reviews", "number of reviews"),
        [nameof(Behaviour.Conversions)] = (simulator => simulator.Conversions = false, "list of conversions"),
        [nameof(Behaviour.AutocompleteEverything)] = (simulator => simulator.AutocompleteEverything = true, "autocomplete"),
        [nameof(Behaviour.CertificatesWithUser)] = (simulator => simulator.CertificatesWithUser = false, "user of a certificate"),
        [nameof(Behaviour.NestedCertification)] = (simulator => simulator.NestedCertification = true, "name of a certificate"),
    };

    // Each is in the list of what is not asked, and what no inference is about.
    private static readonly string[] s_onlyByWriting =
    [
        nameof(Behaviour.AllowDatePlacePatch), nameof(Behaviour.MaxCertificateSize), nameof(Behaviour.UnknownEmails),
        nameof(Behaviour.OnlyPostedUsers), nameof(Behaviour.UserIdentity), nameof(Behaviour.Genders), nameof(Behaviour.UserUpdateStatus),
        nameof(Behaviour.RequiredBookingFields), nameof(Behaviour.CancelBody), nameof(Behaviour.CancelTwiceStatus),
    ];

    private static readonly string[] s_noInference = [nameof(Behaviour.Latency), nameof(Behaviour.Faults), nameof(Behaviour.RateLimit)];

    private static readonly BookingRequest s_booking = new()
    {
        FirstName = "Noor",
        LastName = "Voorbeeld",
        Email = "deelnemer@example.test",
        PhoneNumber = "0300000000",
        Birthdate = new DateOnly(1990, 4, 5),
        Birthplace = "Gouda",
        CompanyName = "Proef BV",
        Address = "Dorpsstraat",
        HouseNumber = "12b",
        ZipCode = "1234 AB",
        City = "Utrecht",
    };

    public static TheoryData<string> Contradictions => [.. s_contradictions.Keys];

    [Fact]
    public async Task Site_as_documented_holds_every_inference()
    {
        var (exitCode, output, requests) = await CheckAsync(_ => { });

        Assert.Equal((0, ""), (exitCode, exitCode == 0 ? "" : output));
        Assert.InRange(requests, 15, MostRequests);
    }

    [Theory]
    [MemberData(nameof(Contradictions))]
    public async Task Contradiction_is_named_with_its_setting(string name)
    {
        var (set, topic) = s_contradictions[name];

        var (exitCode, output, requests) = await CheckAsync(set);

        var lines = output.Split('\n');
        var index = Array.FindIndex(lines, line => line.StartsWith($"DIFFERS  {topic} (", StringComparison.Ordinal));
        Assert.True(index >= 0, output);
        Assert.StartsWith("         setting: ", lines[index + 1], StringComparison.Ordinal);
        Assert.Equal(2, exitCode);
        Assert.InRange(requests, 15, MostRequests);
    }

    [Fact]
    public async Task Only_settings_that_the_app_has_are_advised()
    {
        var (_, output, _) = await CheckAsync(simulator =>
        {
            simulator.Xml = false;
            simulator.Faults.Add(new Fault { Path = "/autocomplete", Status = 404 });
        });

        var advised = output.Split("         setting: ").Skip(1).Select(line => line.Split(' ')[0]).Where(name => name != "none:").ToList();
        Assert.Contains("DIFFERS  autocomplete (", output, StringComparison.Ordinal);
        Assert.Contains("Format", advised);
        Assert.All(
            advised,
            name => Assert.Contains(
                $"\"Springest__Sites__nl__{name}\"", Repository.Read("local.settings.sample.json"), StringComparison.Ordinal));
    }

    [Fact]
    public void Every_contradiction_that_can_be_simulated_is_looked_for_or_said_not_to_be()
        => Assert.Equal(
            typeof(Behaviour).GetProperties().Select(property => property.Name).Order(),
            s_contradictions.Keys.Select(name => name.Split(',')[0]).Distinct().Concat(s_onlyByWriting).Concat(s_noInference).Order());

    [Fact]
    public async Task Report_holds_neither_keys_nor_what_the_API_says_of_people()
    {
        var (_, output, _) = await CheckAsync(_ => { });

        Assert.DoesNotContain("canary", output, StringComparison.Ordinal);
        Assert.DoesNotContain("example.test", output, StringComparison.Ordinal);
        Assert.DoesNotContain("api_key", output, StringComparison.Ordinal);
        Assert.Contains("GET /trainings.json?full&size -> 200", output, StringComparison.Ordinal);
        Assert.Contains("Not asked, since only a write would show it: ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--site be", "has no site 'be'. It has: nl.")]
    [InlineData("--site", "dotnet dev.cs check --site nl")]
    [InlineData("", "dotnet dev.cs check --site nl")]
    [InlineData("--site nl --settings nothing.json", "nothing.json is not there")]
    public async Task Wrong_command_line_gets_a_clear_error(string arguments, string sentence)
    {
        var settings = await SettingsAsync(new Uri("http://127.0.0.1:9"));
        string[] words = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var stop = await Assert.ThrowsAsync<UserErrorException>(() => CheckCommand.RunAsync(
            arguments == "--site be" ? [.. words, "--settings", settings] : words, TextWriter.Null, Cancellation));

        Assert.Contains(sentence, stop.Message, StringComparison.Ordinal);
        File.Delete(settings);
    }

    [Fact]
    public async Task Storage_that_is_not_reached_is_told()
    {
        const string nowhere = "http://127.0.0.1:1/account";
        var settings = await SettingsAsync(
            new Uri("http://127.0.0.1:9"),
            "DefaultEndpointsProtocol=http;AccountName=account;AccountKey=Y2FuYXJ5;"
                + $"BlobEndpoint={nowhere};QueueEndpoint={nowhere};TableEndpoint={nowhere};");

        var stop = await Assert.ThrowsAsync<UserErrorException>(
            () => CheckCommand.RunAsync(["--site", "nl", "--settings", settings], TextWriter.Null, Cancellation));

        Assert.StartsWith(
            "The app's storage (AzureWebJobsStorage), with its quota, cannot be used. Connection refused",
            stop.Message,
            StringComparison.Ordinal);
        File.Delete(settings);
    }

    private static async Task<(int ExitCode, string Output, int Requests)> CheckAsync(Action<Behaviour> set)
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { ApiKey = Key }, Cancellation);
        var client = new SpringestClient(Key, configure: site => site.Host = simulator.Address);
        using var file = new MemoryStream("%PDF-1.4"u8.ToArray());
        await client.CreateCertificateAsync(
            new CertificateUpload
            {
                CertificationId = (await client.ListCertifications().FirstAsync(one => !one.RequiresValidUntil, Cancellation)).Id,
                Email = "deelnemer@example.test",
                ValidFrom = new DateOnly(2026, 1, 15),
                FileName = "diploma.pdf",
                Content = file,
            },
            Cancellation);
        var training = await client.ListTrainings().FirstAsync(one => one.BookingUrl is not null, Cancellation);
        await client.CreateBookingAsync(training.Id, s_booking, Cancellation);
        set(simulator.Behaviour);
        var (before, settings) = (simulator.Requests.Count, await SettingsAsync(simulator.Address));
        using var output = new StringWriter();
        var exitCode = await CheckCommand.RunAsync(["--site", "nl", "--settings", settings], output, Cancellation);
        File.Delete(settings);
        Assert.All(simulator.Requests.Snapshot().Skip(before), request => Assert.Equal("GET", request.Method));
        return (exitCode, output.ToString(), simulator.Requests.Count - before);
    }

    private static async Task<string> SettingsAsync(Uri host, string storage = "")
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        var values = new Dictionary<string, string>
        {
            ["Springest__Sites__nl__Host"] = host.ToString(),
            ["Springest__Sites__nl__ApiKey"] = Key,
            ["AzureWebJobsStorage"] = storage,
        };
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { Values = values }), Cancellation);
        return file;
    }
}

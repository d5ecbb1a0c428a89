using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Springest.Simulator;

namespace Springest.Client.Tests;

// The examples pass no token, to be short.
#pragma warning disable xUnit1051

/// <summary>The examples of docs/client.md, run. What stands between the markers stands there, word for word.</summary>
public sealed partial class DocumentationTests : IAsyncLifetime
{
    private readonly CancellationToken cancellationToken = TestContext.Current.CancellationToken;
    private readonly StringWriter Console = new(CultureInfo.InvariantCulture);
    private Api _api = null!;
    private long institute, training, subject, certification;

    private SpringestClient client => _api.Client;

    public async ValueTask InitializeAsync()
    {
        _api = await Api.StartAsync(new SimulatorOptions { Trainings = 60, Subjects = 30, Certifications = 5 });
        var bookable = await client.ListTrainings(new() { Full = true })
            .FirstAsync(one => one.BookingUrl is not null && one.StartingDateplaces.Count > 0, cancellationToken);
        (training, institute, subject) = (bookable.Id, bookable.InstituteId!.Value, bookable.Subjects[0].Id);
        certification = (await client.ListCertifications().FirstAsync(cancellationToken)).Id;
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await Console.DisposeAsync();
    }

    [Fact]
    public void The_page_shows_these_examples_and_no_others()
    {
        var examples = Example().Matches(File.ReadAllText(SourceFile())).Select(match => Trimmed(match.Groups["code"].Value)).ToList();
        var page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(SourceFile())!, "../../docs/client.md"));
        var shown = Block().Matches(page).Select(match => Trimmed(match.Groups["code"].Value)).ToList();

        Assert.Equal(examples.Order(), shown.Order());
    }

    [Fact]
    public async Task Registration()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("Springest:Sites:nl:ApiKey", Api.Key), new("Springest:Sites:nl:Host", _api.Simulator.Address.ToString())]).Build();
        var services = new ServiceCollection().AddLogging();
        // example
        services.AddSpringestClients(configuration.GetSection("Springest:Sites"));
        // end
        await using var provider = services.BuildServiceProvider();
        // example
        var client = provider.GetRequiredKeyedService<SpringestClient>("nl");
        // end
        Assert.Equal(KeyStatus.Valid, await client.CheckKeyAsync(cancellationToken: cancellationToken));
    }

    [Fact]
    public async Task Registration_in_code()
    {
        var key = Api.Key;
        var services = new ServiceCollection().AddLogging();
        // example
        services.AddSpringestClient("nl", site => site.ApiKey = key);
        // end
        await using var provider = services.BuildServiceProvider();
        Assert.Equal("nl", provider.GetRequiredService<SpringestClient>().Site);
    }

    [Fact]
    public async Task Testing()
    {
        var services = new ServiceCollection().AddLogging();
        // example
        await using var simulator = await SimulatorServer.StartAsync();
        services.AddSpringestClient("nl", site => (site.Host, site.ApiKey) = (simulator.Address, "simulator-key"));
        // end
        await using var provider = services.BuildServiceProvider();
        Assert.Equal(KeyStatus.Valid, await provider.GetRequiredService<SpringestClient>().CheckKeyAsync(cancellationToken: cancellationToken));
    }

    [Fact]
    public async Task Lists()
    {
        // example
        await foreach (var training in client.ListTrainings(new TrainingFilter { InstituteId = institute }).WithCancellation(cancellationToken))
            Console.WriteLine($"{training.Id} {HtmlText.Decode(training.Name)}: {training.Price} {training.Currency}");
        // end
        Assert.Contains(" EUR", $"{Console}");
    }

    [Fact]
    public async Task Pages()
    {
        // example
        var options = new ListOptions { Offset = 30, Prefetch = 8 };
        await foreach (var page in client.ListTrainings(new TrainingFilter { Full = true }, options).AsPages())
            Console.WriteLine($"{page.Offset + page.Items.Count} of {page.Total}");
        // end
        Assert.Equal("60 of 60", $"{Console}".Trim());
    }

    [Fact]
    public async Task One_training()
    {
        // example
        var one = await client.GetTrainingAsync(training, cancellationToken);
        Console.WriteLine(HtmlText.ToPlainText(one.Description));
        // end
        Assert.NotEmpty(one.StartingDateplaces);
    }

    [Fact]
    public async Task Starts()
    {
        // example
        var start = await client.CreateStartingDatePlaceAsync(training, new StartingDatePlaceRequest
        {
            Date = new DateOnly(2027, 6, 4),
            EndDate = new DateOnly(2027, 6, 5),
            Place = "Utrecht",
            AvailableNumberOfSeats = 12,
        });
        await client.UpdateStartingDatePlaceAsync(start!.Id, new StartingDatePlaceUpdateRequest { AvailableNumberOfSeats = 11 });
        // end
        Assert.Contains(start.Id, (await client.GetTrainingAsync(training, cancellationToken)).StartingDateplaces.Select(one => one.Id));
    }

    [Fact]
    public async Task Institutes()
    {
        // example
        await foreach (var one in client.ListInstitutes())
            Console.WriteLine(one.Name);
        var provider = await client.GetInstituteAsync(institute);
        // end
        Assert.Contains(provider.Name, $"{Console}");
    }

    [Fact]
    public async Task Categories_and_subjects()
    {
        // example
        await foreach (var category in client.ListCategories())
        {
            await foreach (var subject in client.ListSubjects(category.Id))
                Console.WriteLine($"{category.Name} / {subject.Name}: {subject.Count} trainings");
        }
        // end
        Assert.Equal(30, $"{Console}".Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        // example
        var one = await client.GetSubjectAsync(subject);
        var itsCategory = await client.GetCategoryAsync(one.CategoryId!.Value);
        // end
        Assert.Equal(one.CategoryId, itsCategory.Id);
    }

    [Fact]
    public async Task Reviews()
    {
        // example
        var latest = await client.ListInstituteReviews(institute).Take(5).ToListAsync();
        var ratings = await client.ListTrainingReviews(training).Select(review => review.Rating).ToListAsync();
        var all = client.ListReviews(new ReviewFilter { InstituteId = institute, TrainingId = training });
        // end
        Assert.Equal(ratings.Count, await all.CountAsync(cancellationToken));
        Assert.InRange(latest.Count, 0, 5);
    }

    [Fact]
    public async Task Review_requests()
    {
        // example
        var link = await client.CreateReviewRequestAsync(new ReviewFormRequest
        {
            Email = "deelnemer@example.test",
            FirstName = "Noor",
            LastName = "Voorbeeld",
            TrainingId = training,
        });
        Console.WriteLine(link.Url);
        // end
        Assert.StartsWith("http", $"{Console}");
    }

    [Fact]
    public async Task Conversions()
    {
        // example
#pragma warning disable SPRINGEST0001 // Experimental: Springest documents nothing of it.
        var bookings = await client.ListConversions(new ConversionFilter { Type = ConversionType.Booking }).ToListAsync();
#pragma warning restore SPRINGEST0001
        // end
        Assert.Empty(bookings);
    }

    [Fact]
    public async Task LearnMatch()
    {
        // example
        var fitting = await client.MatchTrainings("projectmanager").Take(10).ToListAsync();
        // end
        Assert.InRange(fitting.Count, 0, 10);
    }

    [Fact]
    public async Task Autocompletion()
    {
        // example
        var suggestions = await client.AutocompleteAsync("plan");
        foreach (var suggestion in suggestions["subjects"])
            Console.WriteLine(HtmlText.Decode(suggestion.Name));
        // end
        Assert.NotEmpty(suggestions["subjects"]);
    }

    [Fact]
    public async Task Certificates()
    {
        var folder = Directory.CreateTempSubdirectory();
        var path = Path.Combine(folder.FullName, "diploma.pdf");
        await File.WriteAllTextAsync(path, "%PDF-1.4 %%EOF", cancellationToken);
        // example
        await foreach (var one in client.ListCertifications())
            Console.WriteLine($"{one.Id} {one.Name}{(one.RequiresValidUntil ? ", with an end date" : "")}");
        // end
        // example
        await using var file = File.OpenRead(path);
        var id = await client.CreateCertificateAsync(new CertificateUpload
        {
            CertificationId = certification,
            Email = "deelnemer@example.test",
            ValidFrom = new DateOnly(2027, 1, 15),
            ValidUntil = new DateOnly(2030, 1, 15),
            FileName = "diploma.pdf",
            Content = file,
        });
        // end
        // example
        var certificates = await client.ListCertificates(new CertificateFilter { Email = "deelnemer@example.test" }).ToListAsync();
        // end
        Assert.Equal(id, Assert.Single(certificates).Id);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Users()
    {
        // example
        var id = await client.SaveUserAsync(new UserRequest
        {
            Email = "deelnemer@example.test",
            ExternalId = "E-1001",
            FirstName = "Noor",
            PhoneNumber = "",             // sent empty: removes the number
            City = null,                  // sent as null
            Active = true,
        });                               // what is not set is not sent, and stays as it is
        await client.SaveUsersAsync([new() { ExternalId = "E-1001", Active = false }, new() { Email = "nieuw@example.test" }]);
        // end
        Assert.NotNull(id);
    }

    [Fact]
    public async Task Bookings()
    {
        var start = (await client.GetTrainingAsync(training, cancellationToken)).StartingDateplaces[0].Id;
        // example
        var id = await client.CreateBookingAsync(training, new BookingRequest
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
            StartingDateplaceId = start,
        });
        // end
        // example
        var requested = await client.ListBookings(new BookingFilter { Status = BookingStatus.Requested }).ToListAsync();
        var booking = await client.GetBookingAsync(id!.Value);
        await client.CancelBookingAsync(training, booking.Id);
        // end
        Assert.Equal(id, Assert.Single(requested).Id);
    }

    [Fact]
    public async Task OEmbed()
    {
        // example
        var widget = await client.GetOEmbedAsync(new Uri("https://www.springest.nl/oembed/reviews/501001"));
        Console.WriteLine(widget.Html);
        // end
        Assert.Contains("iframe", $"{Console}");
    }

    [Fact]
    public async Task Raw_records()
    {
        // example
        await foreach (var record in client.ListRaw("trainings", [new("full", "true")]))
        {
            var training = SpringestRecord.FromJson<Training>(record.Json.Span);
            Console.WriteLine($"{record.Id} {record.Json.Length} bytes, not known: {string.Join(", ", training.OtherFields?.Keys ?? [])}");
        }
        var raw = await client.GetRawAsync($"trainings/{training}");
        // end
        Assert.Equal(training, raw!.Id);
    }

    [Fact]
    public async Task Errors()
    {
        var upload = Uploads.Certificate(certification) with { Email = "onbekend@example.test" };
        // example
        try
        {
            await client.CreateCertificateAsync(upload);
        }
        catch (SpringestException e) when (e.Status == HttpStatusCode.BadRequest)
        {
            foreach (var (field, messages) in e.Errors)
                Console.WriteLine($"{field}: {string.Join(", ", messages)}");
        }
        catch (SpringestException e) when (e.OutcomeUnknown)
        {
            Console.WriteLine("It may have arrived. Look before sending it again.");
        }
        catch (SpringestException e) when (e.IsTransient)
        {
            Console.WriteLine($"Later, in {e.RetryAfter}.");
        }
        // end
        Assert.StartsWith("email: ", $"{Console}");
    }

    [Fact]
    public async Task Rate_limits()
    {
        // example
        var limiter = new SlidingWindowRateLimiter(new() { PermitLimit = 3900, Window = TimeSpan.FromHours(1), SegmentsPerWindow = 60, QueueLimit = 100 });
        var limited = client.WithRateLimiter(
            key => limiter,
            (key, wait, cancellation) =>
            {
                Console.WriteLine($"Springest wants {key} to wait {wait}.");
                return ValueTask.CompletedTask;
            });
        // end
        await using (limiter)
            Assert.NotEmpty(await limited.ListSubjects().Take(1).ToListAsync(cancellationToken));
    }

    [Fact]
    public async Task Keys()
    {
        // example
        if (await client.CheckKeyAsync(SpringestKey.Certifications) != KeyStatus.Valid)
            Console.WriteLine("The key for certifications is not accepted.");
        // end
        Assert.Empty($"{Console}");
    }

    private static string SourceFile([CallerFilePath] string path = "") => path;

    private static string Trimmed(string code)
    {
        var lines = code.Trim('\n').Split('\n').Select(line => line.TrimEnd()).ToList();
        // Directives stand at the margin everywhere.
        var indent = lines.Where(line => line.Length > 0 && line[0] != '#').Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.StartsWith(' ') ? line[Math.Min(indent, line.Length)..] : line)).Trim();
    }

    [GeneratedRegex(@"^ +// example\n(?<code>.*?)^ +// end\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}

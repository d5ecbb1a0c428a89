using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Springest.Simulator;
using Springest.Simulator.Behaviours;
using Springest.Simulator.Keys;

namespace Springest.Client.Tests;

/// <summary>Every endpoint (docs/springest-api.md, section 8) against the simulator, in both formats.</summary>
public sealed class EndpointTests
{
    private const SpringestFormat Json = SpringestFormat.Json, Xml = SpringestFormat.Xml;

    private static readonly SimulatorOptions s_small = new() { Trainings = 45, Subjects = 35, Certifications = 5 };

    private static readonly Uri s_widget = new("https://www.springest.nl/oembed/reviews/501001");

    /// <summary>One call of each endpoint, and whether it asks for one object by its number.</summary>
    private static readonly Dictionary<string, (Func<SpringestClient, Task> Call, bool ById)> s_calls = new()
    {
        ["GET /trainings"] = (client => Read(client.ListTrainings()), false),
        ["GET /trainings/1"] = (client => client.GetTrainingAsync(1, Cancellation), true),
        ["POST /trainings/1/starting_dateplaces"] = (client => client.CreateStartingDatePlaceAsync(1, Uploads.Start, Cancellation), true),
        ["PATCH /starting_dateplaces/1"] = (
            client => client.UpdateStartingDatePlaceAsync(1, new() { GuaranteedStart = true }, Cancellation),
            true),
        ["GET /institutes"] = (client => Read(client.ListInstitutes()), false),
        ["GET /institutes/1"] = (client => client.GetInstituteAsync(1, Cancellation), true),
        ["GET /categories"] = (client => Read(client.ListCategories()), false),
        ["GET /categories/1"] = (client => client.GetCategoryAsync(1, Cancellation), true),
        ["GET /subjects"] = (client => Read(client.ListSubjects()), false),
        ["GET /subjects/1"] = (client => client.GetSubjectAsync(1, Cancellation), true),
        ["GET /institutes/1/reviews"] = (client => Read(client.ListInstituteReviews(1)), true),
        ["GET /trainings/1/reviews"] = (client => Read(client.ListTrainingReviews(1)), true),
        ["GET /reviews"] = (client => Read(client.ListReviews()), false),
        ["POST /reviews/requests"] = (client => client.CreateReviewRequestAsync(Uploads.ReviewRequest, Cancellation), false),
#pragma warning disable SPRINGEST0001
        ["GET /conversions"] = (client => Read(client.ListConversions()), false),
        ["GET /conversions/1"] = (client => client.GetConversionAsync(1, Cancellation), true),
#pragma warning restore SPRINGEST0001
        ["GET /springsense"] = (client => Read(client.MatchTrainings("planner")), false),
        ["GET /autocomplete/pla"] = (client => client.AutocompleteAsync("pla", Cancellation), false),
        ["GET /users/certificates"] = (client => Read(client.ListCertificates()), false),
        ["POST /certificates"] = (client => client.CreateCertificateAsync(Uploads.Certificate(), Cancellation), false),
        ["GET /certifications"] = (client => Read(client.ListCertifications()), false),
        ["POST /users"] = (client => client.SaveUserAsync(Uploads.User, Cancellation), false),
        ["POST /trainings/1/bookings"] = (client => client.CreateBookingAsync(1, Uploads.Booking, Cancellation), true),
        ["GET /bookings"] = (client => Read(client.ListBookings()), false),
        ["GET /bookings/1"] = (client => client.GetBookingAsync(1, Cancellation), true),
        ["POST /trainings/1/bookings/2/cancel"] = (client => client.CancelBookingAsync(1, 2, Cancellation), true),
        ["GET /oembed"] = (client => client.GetOEmbedAsync(s_widget, Cancellation), false),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static MatrixTheoryData<string, SpringestFormat> Calls { get; } = new([.. s_calls.Keys], [Json, Xml]);

    public static MatrixTheoryData<string, SpringestFormat> CallsById { get; }
        = new([.. s_calls.Where(call => call.Value.ById).Select(call => call.Key)], [Json, Xml]);

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Each_endpoint_tells_the_documented_errors(string name, SpringestFormat format)
    {
        await using var api = await StartAsync(format);

        foreach (var status in new[] { 400, 405, 500 })
        {
            var fault = new Fault { Status = status };
            api.Simulator.Behaviour.Faults.Add(fault);
            await AssertFaultAsync(api, name, status);
            api.Simulator.Behaviour.Faults.Remove(fault);
        }
        foreach (var key in new[] { Api.Key, Api.CertificationsKey })
            api.Simulator.Keys.Add(new SimulatorKey("powerless", key, Feature.None));
        await AssertFaultAsync(api, name, 403);
        foreach (var key in new[] { Api.Key, Api.CertificationsKey })
            api.Simulator.Keys.Remove(key);
        await AssertFaultAsync(api, name, 401);
    }

    [Theory]
    [MemberData(nameof(CallsById))]
    public async Task What_does_not_exist_is_404(string name, SpringestFormat format)
    {
        await using var api = await StartAsync(format);

        await AssertFaultAsync(api, name, 404);
    }

    [Fact]
    public async Task Both_formats_give_the_same_records()
    {
        await using var json = await StartAsync(Json);
        await using var services = Api.Services(json.Simulator.Address, site => site.Format = Xml);
        var xml = services.GetRequiredService<SpringestClient>();
        var review = await json.Client.ListReviews().FirstAsync(one => one.TrainingId is not null, Cancellation);
        var training = await json.Client.GetTrainingAsync(review.TrainingId!.Value, Cancellation);

        await SameAsync(client => client.ListTrainings(new() { Full = true }, new() { Prefetch = 2 }));
        await SameAsync(client => client.ListInstitutes());
        await SameAsync(client => client.ListCategories());
        await SameAsync(client => client.ListSubjects());
        await SameAsync(client => client.ListReviews());
        await SameAsync(client => client.ListInstituteReviews(training.InstituteId!.Value));
        await SameAsync(client => client.ListTrainingReviews(training.Id));
        await SameAsync(client => client.ListCertifications());
        await SameAsync(client => client.MatchTrainings(training.Name.Split(' ')[0]));

        async Task SameAsync<T>(Func<SpringestClient, SpringestList<T>> list)
            where T : SpringestRecord
        {
            var fromJson = await list(json.Client).Select(record => record.ToJson()).ToListAsync(Cancellation);
            var fromXml = await list(xml).Select(record => record.ToJson()).ToListAsync(Cancellation);
            Assert.Equal(fromJson, fromXml);
            Assert.NotEmpty(fromJson);
        }
    }

    [Theory]
    [InlineData(Json)]
    [InlineData(Xml)]
    public async Task Single_records_are_those_of_the_lists(SpringestFormat format)
    {
        await using var api = await StartAsync(format);
        var client = api.Client;
        var training = await client.ListTrainings(new() { Full = true }).FirstAsync(Cancellation);
        var institute = await client.ListInstitutes().FirstAsync(Cancellation);
        var subject = await client.ListSubjects().FirstAsync(Cancellation);
        var category = await client.ListCategories().FirstAsync(one => one.Id == subject.CategoryId, Cancellation);

        Assert.Equal(training.ToJson(), (await client.GetTrainingAsync(training.Id, Cancellation)).ToJson());
        Assert.Equal(institute.ToJson(), (await client.GetInstituteAsync(institute.Id, Cancellation)).ToJson());
        Assert.Equal(category.ToJson(), (await client.GetCategoryAsync(category.Id, Cancellation)).ToJson());
        Assert.Equal(subject.ToJson(), (await client.GetSubjectAsync(subject.Id, Cancellation)).ToJson());
        Assert.Contains(subject.Id, await client.ListSubjects(category.Id).Select(one => one.Id).ToListAsync(Cancellation));
        Assert.Null(training.OtherFields);
    }

    [Theory]
    [InlineData(Json)]
    [InlineData(Xml)]
    public async Task Filters_reach_the_server(SpringestFormat format)
    {
        await using var api = await StartAsync(format);
        var training = (await api.Client.ListTrainings(new() { Full = true }).ToListAsync(Cancellation)).First(one =>
            one.Regions.Count > 0 && one.Levels.Count > 0);
        var filter = new TrainingFilter
        {
            Query = "a b&c",
            SubjectId = training.Subjects[0].Id,
            InstituteId = training.InstituteId,
            CategoryId = 71,
            Method = "7",
            Level = "2",
            Region = "4",
            Country = "België",
            CreatedFrom = new DateOnly(2020, 1, 2),
            PublishedFrom = new DateOnly(2020, 1, 3),
            ModifiedFrom = new DateOnly(2020, 1, 4),
            Full = true,
        };

        await api.Client.ListTrainings(filter).ToListAsync(Cancellation);
        var found = await api
            .Client.ListTrainings(new() { InstituteId = training.InstituteId, Region = $"{training.Regions[0].Id}" })
            .ToListAsync(Cancellation);

        var request = api.Simulator.Requests.Snapshot()[^2];
        Assert.Equal(
            $"query=a%20b%26c&subject_id={filter.SubjectId}&institute_id={filter.InstituteId}"
                + "&category_id=71&method=7&level=2&region=4&country=Belgi%C3%AB"
            + "&created_from=2020-01-02&published_from=2020-01-03&modified_from=2020-01-04&full=true&offset=0&size=30",
            request.Query);
        Assert.Contains(training.Id, found.Select(one => one.Id));
        Assert.All(found, one => Assert.Equal(training.InstituteId, one.InstituteId));
    }

    [Theory]
    [InlineData(Json)]
    [InlineData(Xml)]
    public async Task Starts_are_added_and_changed(SpringestFormat format)
    {
        await using var api = await StartAsync(format);
        var training = await api.Client.ListTrainings().FirstAsync(Cancellation);

        var added = (await api.Client.CreateStartingDatePlaceAsync(training.Id, Uploads.Start, Cancellation))!;
        var changed = (
            await api.Client.UpdateStartingDatePlaceAsync(
                added.Id,
                new() { AvailableNumberOfSeats = 3, GuaranteedStart = true },
                Cancellation)
        )!;
        var fault = await Assert.ThrowsAsync<SpringestException>(() =>
            api.Client.CreateStartingDatePlaceAsync(
                training.Id,
                Uploads.Start with
                {
                    EndDate = new DateOnly(2020, 1, 1),
                    Place = "",
                },
                Cancellation));

        Assert.Equal(
            (training.Id, "Utrecht", new DateOnly(2024, 6, 4), 12),
            (added.TrainingId, added.Place, added.Date, added.AvailableNumberOfSeats));
        Assert.Equal(
            (added.Id, 3, true, 4),
            (changed.Id, changed.AvailableNumberOfSeats, changed.GuaranteedStart, changed.MinimumNumberOfSeats));
        Assert.Equal(["end_date", "place"], fault.Errors.Keys.Order());
        Assert.Contains(
            added.Id,
            (await api.Client.GetTrainingAsync(training.Id, Cancellation)).StartingDateplaces.Select(start => start.Id));
    }

    [Theory]
    [InlineData(Json)]
    [InlineData(Xml)]
    public async Task Reviews_are_asked_for(SpringestFormat format)
    {
        await using var api = await StartAsync(format);
        var training = await api.Client.ListTrainings().FirstAsync(Cancellation);

        var link = await api.Client.CreateReviewRequestAsync(Uploads.ReviewRequest with { TrainingId = training.Id }, Cancellation);
        var fault = await Assert.ThrowsAsync<SpringestException>(() => api.Client.CreateReviewRequestAsync(
            Uploads.ReviewRequest with { Email = "", LastName = "", TrainingId = training.Id }, Cancellation));

        Assert.Equal(training.Id, link.TrainingId);
        Assert.StartsWith("http", link.Url);
        Assert.Equal(["email ontbreekt", "last_name ontbreekt"], fault.Errors.Select(field => $"{field.Key} {field.Value[0]}"));
    }

    [Theory]
    [InlineData(Json, "jsonp")]
    [InlineData(Json, "json")]
    [InlineData(Xml, "json")]
    public async Task Terms_are_completed(SpringestFormat format, string autocomplete)
    {
        await using var api = await Api.StartAsync(s_small, site => (site.Format, site.AutocompleteFormat) = (format, autocomplete));
        var subject = await api.Client.ListSubjects().FirstAsync(Cancellation);
        api.Simulator.Behaviour.AutocompleteEverything = true;

        var groups = await api.Client.AutocompleteAsync(subject.Name[..3], Cancellation);
        var none = await api.Client.AutocompleteAsync("zz/zz?&=#..", Cancellation);

        Assert.Contains(subject.Id, groups["subjects"].Select(one => one.Id ?? 0));
        Assert.Subset(
            new HashSet<string> { "categories", "institutes", "subjects", "trainings" },
            groups.Select(group => group.Key).ToHashSet());
        Assert.Empty(none);
    }

    [Theory]
    [InlineData(Json, "/certificates", "booking_id")]
    [InlineData(Json, "/users/certificates", "conversion_id")]
    [InlineData(Xml, "/certificates", "conversion_id")]
    [InlineData(Xml, "/users/certificates", "booking_id")]
    public async Task Certificates_go_to_either_path_with_either_field(SpringestFormat format, string path, string field)
    {
        await using var api = await Api.StartAsync(
            s_small, site => (site.Format, site.CertificatesPath, site.CertificateBookingField) = (format, path, field));
        var certification = await api.Client.ListCertifications().FirstAsync(Cancellation);

        var id = await api.Client.CreateCertificateAsync(Uploads.Certificate(certification.Id), Cancellation);
        var fault = await Assert.ThrowsAsync<SpringestException>(() =>
            api.Client.CreateCertificateAsync(
                Uploads.Certificate(certification.Id) with
                {
                    ValidUntil = new DateOnly(2020, 1, 1),
                },
                Cancellation));

        var posted = Assert.Single(api.Simulator.Certificates.Snapshot());
        Assert.Equal((id, "610001"), (posted.Id, posted.Fields[field]));
        Assert.Contains("valid_until", fault.Errors.Keys);
        Assert.Equal($"POST {path}.{(format == Xml ? "xml" : "json")}", fault.Endpoint);
    }

    [Theory]
    [InlineData(Json, false)]
    [InlineData(Xml, false)]
    [InlineData(Json, true)]
    public async Task Certificates_are_listed(SpringestFormat format, bool nested)
    {
        await using var api = await StartAsync(format);
        api.Simulator.Behaviour.NestedCertification = nested;
        var certification = await api.Client.ListCertifications().FirstAsync(Cancellation);
        var id = await api.Client.CreateCertificateAsync(Uploads.Certificate(certification.Id), Cancellation);

        var certificate = Assert.Single(
            await api
                .Client.ListCertificates(
                    new()
                    {
                        Email = "deelnemer@example.test",
                        CertificationId = certification.Id,
                        CreatedFrom = new DateOnly(2020, 1, 1),
                    })
                .ToListAsync(Cancellation));

        Assert.Equal(id, certificate.Id);
        Assert.Equal(certification.Id, certificate.CertificationId);
        Assert.Equal(new DateOnly(2026, 1, 2), certificate.ValidFrom);
        Assert.Equal("deelnemer@example.test", certificate.User?.Email);
        Assert.Equal(certification.Name, nested ? certificate.Certification?.Name : certificate.Name);
        Assert.Empty(await api.Client.ListCertificates(new() { Email = "iemand@example.test" }).ToListAsync(Cancellation));
    }

    [Theory]
    [InlineData(Json)]
    [InlineData(Xml)]
    public async Task Users_are_made_changed_and_refused(SpringestFormat format)
    {
        await using var api = await StartAsync(format);
        var client = api.Client;

        var chief = await client.SaveUserAsync(new() { Email = "leiding@example.test", LastName = "Chef" }, Cancellation);
        var user = await client.SaveUserAsync(Uploads.User, Cancellation);
        var same = await client.SaveUserAsync(new() { ExternalId = "E-1001", City = "" }, Cancellation);
        var both = await client.SaveUsersAsync(
            [new() { Email = "leiding@example.test" }, new() { Email = "nieuw@example.test" }],
            Cancellation);
        var fault = await Assert.ThrowsAsync<SpringestException>(() => client.SaveUserAsync(new() { ExternalId = "E-2" }, Cancellation));

        Assert.Equal(user, same);
        Assert.Equal((chief, 2), (both[0], both.Count));
        Assert.Equal(["email"], fault.Errors.Keys);
    }

    [Theory]
    [InlineData(Json)]
    [InlineData(Xml)]
    public async Task Bookings_are_made_read_and_cancelled(SpringestFormat format)
    {
        await using var api = await StartAsync(format);
        var client = api.Client;
        var training = await client
            .ListTrainings(new() { Full = true })
            .FirstAsync(one => one.StartingDateplaces.Count > 0 && one.BookingUrl is not null, Cancellation);

        var id = (
            await client.CreateBookingAsync(
                training.Id,
                Uploads.Booking with
                {
                    StartingDateplaceId = training.StartingDateplaces[0].Id,
                },
                Cancellation)
        ).GetValueOrDefault();
        var booking = await client.GetBookingAsync(id, Cancellation);
        var listed = await client
            .ListBookings(new() { Status = BookingStatus.Requested, ParticipationStatus = ParticipationStatus.Unknown })
            .SingleAsync(Cancellation);
        await client.CancelBookingAsync(training.Id, id, Cancellation);
        var fault = await Assert.ThrowsAsync<SpringestException>(() => client.CreateBookingAsync(
            training.Id, Uploads.Booking with { LastName = "", Email = "nobody" }, Cancellation));

        Assert.Equal(
            (training.Id, training.StartingDateplaces[0].Id, "Noor"),
            (booking.TrainingId, booking.StartingDateplace?.Id, booking.User?.FirstName));
        Assert.Equal(booking.ToJson(), listed.ToJson());
        Assert.Equal(BookingStatus.Cancelled, (await client.GetBookingAsync(id, Cancellation)).Status);
        Assert.Equal(["email", "last_name", "starting_dateplace_id"], fault.Errors.Keys.Order());
        Assert.False(fault.OutcomeUnknown);
#pragma warning disable SPRINGEST0001
        var conversion = await client
            .ListConversions(new() { TrainingId = training.Id, Type = ConversionType.Booking })
            .SingleAsync(Cancellation);
        Assert.Equal(conversion.ToJson(), (await client.GetConversionAsync(id, Cancellation)).ToJson());
#pragma warning restore SPRINGEST0001
    }

    [Theory]
    [InlineData(Json)]
    [InlineData(Xml)]
    public async Task Widgets_are_embedded(SpringestFormat format)
    {
        await using var api = await StartAsync(format);

        var widget = await api.Client.GetOEmbedAsync(s_widget, Cancellation);

        Assert.Equal(("rich", "1.0", 300, "Springest"), (widget.Type, widget.Version, widget.Width, widget.ProviderName));
        Assert.Contains(s_widget.AbsoluteUri, widget.Html);
    }

    [Theory]
    [InlineData(Json)]
    [InlineData(Xml)]
    public async Task Keys_are_checked(SpringestFormat format)
    {
        await using var api = await StartAsync(format);

        Assert.Equal(KeyStatus.Valid, await api.Client.CheckKeyAsync(cancellationToken: Cancellation));
        Assert.Equal(KeyStatus.Valid, await api.Client.CheckKeyAsync(SpringestKey.Certifications, Cancellation));
        api.Simulator.Keys.Remove(Api.Key);
        api.Simulator.Keys.Add(new SimulatorKey("powerless", Api.CertificationsKey, Feature.None));
        Assert.Equal(KeyStatus.Unknown, await api.Client.CheckKeyAsync(cancellationToken: Cancellation));
        Assert.Equal(KeyStatus.Forbidden, await api.Client.CheckKeyAsync(SpringestKey.Certifications, Cancellation));
        api.Simulator.Behaviour.Faults.Add(new Fault { Status = 500 });
        await Assert.ThrowsAsync<SpringestException>(() => api.Client.CheckKeyAsync(cancellationToken: Cancellation));
    }

    /// <summary>The simulator's other answers to what docs/springest-api.md leaves open.</summary>
    [Theory]
    [InlineData(Json)]
    [InlineData(Xml)]
    public async Task Open_questions_may_be_answered_otherwise(SpringestFormat format)
    {
        await using var api = await StartAsync(format);
        var expected = await api.Client.ListTrainings(new() { Full = true }).ToListAsync(Cancellation);
        var behaviour = api.Simulator.Behaviour;
        (behaviour.IdsAsStrings, behaviour.NumericPrices, behaviour.NameFilters, behaviour.ReviewCountField) = (
            true,
            true,
            true,
            "reviews");
        (behaviour.JsonContentType, behaviour.XmlContentType) = ("text/plain", "text/html");

        var trainings = await api.Client.ListTrainings(new() { Full = true, Query = null }).ToListAsync(Cancellation);

        Assert.Equal(
            expected.Select(training => (training.Id, training.Price, training.ReviewCount)),
            trainings.Select(training => (training.Id, training.Price, training.ReviewCount)));
    }

    private static async Task AssertFaultAsync(Api api, string name, int status)
    {
        var fault = await Assert.ThrowsAsync<SpringestException>(() => s_calls[name].Call(api.Client));
        Assert.Equal((HttpStatusCode)status, fault.Status);
        Assert.StartsWith($"{name}.", fault.Endpoint);
        Assert.NotEmpty(fault.Errors.Values.SelectMany(texts => texts));
        Assert.Equal(status == 500, fault.IsTransient);
        Assert.Equal(status == 500 && !name.StartsWith("GET"), fault.OutcomeUnknown);
    }

    private static Task<Api> StartAsync(SpringestFormat format)
        => Api.StartAsync(s_small, site => (site.Format, site.Retries) = (format, 0));

    private static async Task Read<T>(SpringestList<T> list) => await list.AsPages().FirstAsync(Cancellation);
}

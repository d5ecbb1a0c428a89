using System.Text.Json.Serialization;

namespace Springest.Simulator.Behaviours;

/// <summary>
/// How requests are answered: what may go wrong, and each question that the contract leaves open, with the contract's default.
/// Everything may be set while the simulator runs; it holds for requests that arrive later.
/// </summary>
public sealed record Behaviour
{
    /// <summary>Delay before a request is handled.</summary>
    public Latency Latency { get; set; } = Latency.None;

    /// <summary>Answers that go wrong on purpose.</summary>
    [JsonIgnore]
    public FaultList Faults { get; init; } = new();

    /// <summary>Section 5: requests per key and time.</summary>
    public RateLimit RateLimit { get; set; } = new();

    /// <summary>Sections 3, 10 "XML": false leaves JSON only, and <c>.xml</c> is 404.</summary>
    public bool Xml { get; set; } = true;

    /// <summary>Section 3: whether a path without extension is answered, in JSON; else it is 404.</summary>
    public bool WithoutExtension { get; set; } = true;

    /// <summary>Section 3: content type of JSON.</summary>
    public string JsonContentType { get; set; } = "application/json; charset=utf-8";

    /// <summary>Section 3: content type of XML.</summary>
    public string XmlContentType { get; set; } = "application/xml; charset=utf-8";

    /// <summary>Section 3.2: ids of records as strings.</summary>
    public bool IdsAsStrings { get; set; }

    /// <summary>Sections 4, 10 "total": what stands around lists, by list key (<c>certifications</c>); not named: as documented.</summary>
    public IReadOnlyDictionary<string, EnvelopeShape> Envelopes { get; set; } = new Dictionary<string, EnvelopeShape>();

    /// <summary>Section 4: whether <c>meta.filters</c> names the filters that were used; in every sample it is empty.</summary>
    public bool NameFilters { get; set; }

    /// <summary>Sections 4.1, 10 "page size limit": a size outside 1 to 30 is 400 instead of being clamped.</summary>
    public bool RejectPageSize { get; set; }

    /// <summary>Section 4.1: trainings by descending id instead of ascending.</summary>
    public bool DescendingOrder { get; set; }

    /// <summary>Section 6: form of the faults of fields.</summary>
    public ErrorShape ErrorShape { get; set; } = ErrorShape.Arrays;

    /// <summary>Section 6: form of errors in XML.</summary>
    public XmlErrorRoot XmlErrorRoot { get; set; } = XmlErrorRoot.Error;

    /// <summary>Section 6: errors have no body at all.</summary>
    public bool EmptyErrors { get; set; }

    /// <summary>Section 10 "405": what its body says, <c>Method not allowed</c> or <c>Forbidden</c>.</summary>
    public string MethodNotAllowedText { get; set; } = "Method not allowed";

    /// <summary>Section 8: the routes of 2012 (<c>/trainings/list</c> ...) and the parameter <c>fields</c>.</summary>
    public bool LegacyRoutes { get; set; }

    /// <summary>Section 8.1: whether <c>modified_from</c> and its like include the day itself.</summary>
    public bool FromIsInclusive { get; set; } = true;

    /// <summary>Section 8.1: whether <c>1,2</c> means any of both; else it is 400.</summary>
    public bool CommaLists { get; set; } = true;

    /// <summary>Section 8.1: characters of a description in lists without <c>full</c>.</summary>
    public int DescriptionLength { get; set; } = 700;

    /// <summary>Section 8.1: fields that lists leave out without <c>full</c>.</summary>
    public IReadOnlyList<string> OnlyInFull { get; set; } = ["starting_dateplaces", "additional_costs", "associations"];

    /// <summary>Section 10 "price type": prices of trainings as numbers, as in 2012, instead of strings.</summary>
    public bool NumericPrices { get; set; }

    /// <summary>Section 10 "number of reviews": name of that field of trainings, <c>count</c> or, as in 2012, <c>reviews</c>.</summary>
    public string ReviewCountField { get; set; } = "count";

    /// <summary>Section 8.3: whether PATCH may change date and place.</summary>
    public bool AllowDatePlacePatch { get; set; }

    /// <summary>Section 8.9: whether conversions can be read; else they are 404.</summary>
    public bool Conversions { get; set; } = true;

    /// <summary>Section 8.11: whether trainings, institutes and categories are suggested too, and more of each than its name.</summary>
    public bool AutocompleteEverything { get; set; }

    /// <summary>Sections 8.12, 10 "GET certificates fields": whether <c>user</c>, <c>name</c>, <c>description</c> are among them.</summary>
    public bool CertificatesWithUser { get; set; } = true;

    /// <summary>Section 8.12: name and description of certificates inside an object <c>certification</c>.</summary>
    public bool NestedCertification { get; set; }

    /// <summary>Section 8.12: largest certificate file, in bytes.</summary>
    public long MaxCertificateSize { get; set; } = 10 * 1024 * 1024;

    /// <summary>Section 8.12: addresses that no user has, so that a certificate for one of them is 400. Case does not matter.</summary>
    public IReadOnlyList<string> UnknownEmails { get; set; } = ["onbekend@example.test"];

    /// <summary>Section 8.12: only users that were posted are known, instead of all but the <see cref="UnknownEmails"/>.</summary>
    public bool OnlyPostedUsers { get; set; }

    /// <summary>Sections 8.14, 10 "user identity": how users are matched.</summary>
    public UserIdentity UserIdentity { get; set; } = UserIdentity.EmailOrExternalId;

    /// <summary>Section 8.14: status of an update, 201 or 200.</summary>
    public int UserUpdateStatus { get; set; } = 201;

    /// <summary>Section 8.15: the fields that this site requires beside those that all do, such as <c>cost_center</c>.</summary>
    public IReadOnlyList<string> RequiredBookingFields { get; set; } = [];

    /// <summary>Section 8.16: whether <c>created_at</c> and <c>updated_at</c> mean "since that day" instead of "on that day".</summary>
    public bool BookingDatesMeanSince { get; set; }

    /// <summary>Section 8.17: whether the answer to a cancellation has a body.</summary>
    public bool CancelBody { get; set; } = true;

    /// <summary>Section 8.17: status of cancelling twice, 201, 404 or 400.</summary>
    public int CancelTwiceStatus { get; set; } = 201;
}

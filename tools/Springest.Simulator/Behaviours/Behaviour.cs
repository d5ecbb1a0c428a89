using System.Text.Json.Serialization;

namespace Springest.Simulator.Behaviours;

/// <summary>
/// How requests are answered: what may go wrong, and each question that docs/springest-api.md leaves open, with its default there.
/// Everything may be set while the simulator runs; it holds for requests that arrive later.
/// </summary>
public sealed record Behaviour
{
    /// <summary>Delay before a request is handled.</summary>
    public Latency Latency { get; set; } = Latency.None;

    /// <summary>Answers that go wrong on purpose.</summary>
    [JsonIgnore]
    public FaultList Faults { get; init; } = new();

    /// <summary>Requests per key and time (docs/springest-api.md, section 5).</summary>
    public RateLimit RateLimit { get; set; } = new();

    /// <summary>False leaves JSON only, and <c>.xml</c> is 404 (docs/springest-api.md, sections 3 and 10).</summary>
    public bool Xml { get; set; } = true;

    /// <summary>Whether a path without extension is answered, in JSON; else it is 404 (docs/springest-api.md, section 3).</summary>
    public bool WithoutExtension { get; set; } = true;

    /// <summary>Content type of JSON (docs/springest-api.md, section 3).</summary>
    public string JsonContentType { get; set; } = "application/json; charset=utf-8";

    /// <summary>Content type of XML (docs/springest-api.md, section 3).</summary>
    public string XmlContentType { get; set; } = "application/xml; charset=utf-8";

    /// <summary>Ids of records as strings (docs/springest-api.md, section 3.2).</summary>
    public bool IdsAsStrings { get; set; }

    /// <summary>
    /// What stands around lists, by list key (<c>certifications</c>); not named: as documented
    /// (docs/springest-api.md, sections 4 and 10).
    /// </summary>
    public IReadOnlyDictionary<string, EnvelopeShape> Envelopes { get; set; } = new Dictionary<string, EnvelopeShape>();

    /// <summary>
    /// Whether <c>meta.filters</c> names the filters that were used; in every sample it is empty (docs/springest-api.md, section 4).
    /// </summary>
    public bool NameFilters { get; set; }

    /// <summary>
    /// A size outside 1 to 30 is 400 instead of being clamped (docs/springest-api.md, sections 4.1 and 10).
    /// </summary>
    public bool RejectPageSize { get; set; }

    /// <summary>Trainings by descending id instead of ascending (docs/springest-api.md, section 4.1).</summary>
    public bool DescendingOrder { get; set; }

    /// <summary>Form of the faults of fields (docs/springest-api.md, section 6).</summary>
    public ErrorShape ErrorShape { get; set; } = ErrorShape.Arrays;

    /// <summary>Form of errors in XML (docs/springest-api.md, section 6).</summary>
    public XmlErrorRoot XmlErrorRoot { get; set; } = XmlErrorRoot.Error;

    /// <summary>Status of a missing or unknown key, 401 or 403 (docs/springest-api.md, section 2).</summary>
    public int UnknownKeyStatus { get; set; } = 401;

    /// <summary>Errors have no body at all (docs/springest-api.md, section 6).</summary>
    public bool EmptyErrors { get; set; }

    /// <summary>What the body of a 405 says, <c>Method not allowed</c> or <c>Forbidden</c> (docs/springest-api.md, section 10).</summary>
    public string MethodNotAllowedText { get; set; } = "Method not allowed";

    /// <summary>
    /// The routes of 2012 (<c>/trainings/list</c> ...) and the parameter <c>fields</c> (docs/springest-api.md, section 8).
    /// </summary>
    public bool LegacyRoutes { get; set; }

    /// <summary>Whether <c>modified_from</c> and its like include the day itself (docs/springest-api.md, section 8.1).</summary>
    public bool FromIsInclusive { get; set; } = true;

    /// <summary>Whether <c>1,2</c> means any of both; else it is 400 (docs/springest-api.md, section 8.1).</summary>
    public bool CommaLists { get; set; } = true;

    /// <summary>Characters of a description in lists without <c>full</c> (docs/springest-api.md, section 8.1).</summary>
    public int DescriptionLength { get; set; } = 700;

    /// <summary>Fields that lists leave out without <c>full</c> (docs/springest-api.md, section 8.1).</summary>
    public IReadOnlyList<string> OnlyInFull { get; set; } = ["starting_dateplaces", "additional_costs", "associations"];

    /// <summary>Prices of trainings as numbers, as in 2012, instead of strings (docs/springest-api.md, section 10).</summary>
    public bool NumericPrices { get; set; }

    /// <summary>
    /// Name of a training's number of reviews: <c>count</c> or, as in 2012, <c>reviews</c> (docs/springest-api.md, section 10).
    /// </summary>
    public string ReviewCountField { get; set; } = "count";

    /// <summary>Whether PATCH may change date and place (docs/springest-api.md, section 8.3).</summary>
    public bool AllowDatePlacePatch { get; set; }

    /// <summary>Whether conversions can be read; else they are 404 (docs/springest-api.md, section 8.9).</summary>
    public bool Conversions { get; set; } = true;

    /// <summary>
    /// Whether trainings, institutes and categories are suggested too, and more of each than its name
    /// (docs/springest-api.md, section 8.11).
    /// </summary>
    public bool AutocompleteEverything { get; set; }

    /// <summary>
    /// Whether certificates have <c>user</c>, <c>name</c> and <c>description</c> (docs/springest-api.md, sections 8.12 and 10).
    /// </summary>
    public bool CertificatesWithUser { get; set; } = true;

    /// <summary>Name and description of certificates inside an object <c>certification</c> (docs/springest-api.md, section 8.12).</summary>
    public bool NestedCertification { get; set; }

    /// <summary>Largest certificate file, in bytes (docs/springest-api.md, section 8.12).</summary>
    public long MaxCertificateSize { get; set; } = 10 * 1024 * 1024;

    /// <summary>
    /// Addresses that no user has, so that a certificate for one of them is 400 (docs/springest-api.md, section 8.12). Case does not
    /// matter.
    /// </summary>
    public IReadOnlyList<string> UnknownEmails { get; set; } = ["onbekend@example.test"];

    /// <summary>
    /// Only users that were posted are known, instead of all but the <see cref="UnknownEmails"/> (docs/springest-api.md, section 8.12).
    /// </summary>
    public bool OnlyPostedUsers { get; set; }

    /// <summary>How users are matched (docs/springest-api.md, sections 8.14 and 10).</summary>
    public UserIdentity UserIdentity { get; set; } = UserIdentity.EmailOrExternalId;

    /// <summary>The words that are taken for a gender; any other is 400 (docs/springest-api.md, section 10).</summary>
    public IReadOnlyList<string> Genders { get; set; } = ["m", "f", "male", "female"];

    /// <summary>Status of an update, 201 or 200 (docs/springest-api.md, section 8.14).</summary>
    public int UserUpdateStatus { get; set; } = 201;

    /// <summary>
    /// The fields that this site requires beside those that all do, such as <c>cost_center</c> (docs/springest-api.md, section 8.15).
    /// </summary>
    public IReadOnlyList<string> RequiredBookingFields { get; set; } = [];

    /// <summary>
    /// Whether <c>created_at</c> and <c>updated_at</c> mean "since that day" instead of "on that day"
    /// (docs/springest-api.md, section 8.16).
    /// </summary>
    public bool BookingDatesMeanSince { get; set; }

    /// <summary>Whether the answer to a cancellation has a body (docs/springest-api.md, section 8.17).</summary>
    public bool CancelBody { get; set; } = true;

    /// <summary>Status of cancelling twice, 201, 404 or 400 (docs/springest-api.md, section 8.17).</summary>
    public int CancelTwiceStatus { get; set; } = 201;
}

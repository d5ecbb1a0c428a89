using Springest.Client.Http;
using Springest.Client.Json;
using Springest.Client.Reading;

namespace Springest.Client;

public partial class SpringestClient
{
    /// <summary>Trainings, <c>GET /trainings.json</c> (docs/springest-api.md, section 8.1).</summary>
    /// <param name="filter">Which ones; null for all.</param>
    /// <param name="options">How the list is fetched.</param>
    public virtual SpringestList<Training> ListTrainings(TrainingFilter? filter = null, ListOptions? options = null)
        => List("trainings", SpringestJson.Default.Training, training => training.Id, options, Query(filter ?? new TrainingFilter()));

    /// <summary>One training, <c>GET /trainings/:id.json</c> (docs/springest-api.md, section 8.2).</summary>
    /// <exception cref="SpringestException">404 if there is no such training, or it is not published.</exception>
    public virtual Task<Training> GetTrainingAsync(long id, CancellationToken cancellationToken = default)
        => GetAsync($"trainings/{id}", SpringestJson.Default.Training, training => training.Id, cancellationToken);

    /// <summary>
    /// Trainings that fit a job, <c>GET /springsense.json</c>, also called LearnMatch (docs/springest-api.md, section 8.10).
    /// </summary>
    /// <param name="jobTitle">The job, in the site's language.</param>
    /// <param name="options">How the list is fetched.</param>
    public virtual SpringestList<Training> MatchTrainings(string jobTitle, ListOptions? options = null) =>
        List("springsense", SpringestJson.Default.Training, training => training.Id, options, new QueryString().Add("job_title", jobTitle));

    /// <summary>Institutes, <c>GET /institutes.json</c> (docs/springest-api.md, section 8.4).</summary>
    /// <param name="query">Words to find in the name. Not documented by Springest: a site may ignore it.</param>
    /// <param name="options">How the list is fetched.</param>
    public virtual SpringestList<Institute> ListInstitutes(string? query = null, ListOptions? options = null)
        => List("institutes", SpringestJson.Default.Institute, institute => institute.Id, options, new QueryString().Add("query", query));

    /// <summary>One institute, <c>GET /institutes/:id.json</c> (docs/springest-api.md, section 8.4).</summary>
    /// <exception cref="SpringestException">404 if there is no such institute.</exception>
    public virtual Task<Institute> GetInstituteAsync(long id, CancellationToken cancellationToken = default)
        => GetAsync($"institutes/{id}", SpringestJson.Default.Institute, institute => institute.Id, cancellationToken);

    /// <summary>Categories, about 20, <c>GET /categories.json?version=2</c> (docs/springest-api.md, section 8.5).</summary>
    public virtual SpringestList<Category> ListCategories(ListOptions? options = null)
        => List("categories", SpringestJson.Default.Category, category => category.Id, options, new QueryString().Add("version", "2"));

    /// <summary>
    /// One category, <c>GET /categories/:id.json</c> (docs/springest-api.md, section 8.5).
    /// Not documented by Springest: a site may not have it.
    /// </summary>
    /// <exception cref="SpringestException">404 if there is no such category.</exception>
    public virtual Task<Category> GetCategoryAsync(long id, CancellationToken cancellationToken = default)
        => GetAsync($"categories/{id}", SpringestJson.Default.Category, category => category.Id, cancellationToken);

    /// <summary>Subjects, about 1000, <c>GET /subjects.json</c> (docs/springest-api.md, section 8.6).</summary>
    /// <param name="categoryId">Only those of this category.</param>
    /// <param name="options">How the list is fetched.</param>
    public virtual SpringestList<Subject> ListSubjects(long? categoryId = null, ListOptions? options = null) =>
        List("subjects", SpringestJson.Default.Subject, subject => subject.Id, options, new QueryString().Add("category_id", categoryId));

    /// <summary>
    /// One subject, <c>GET /subjects/:id.json</c> (docs/springest-api.md, section 8.6).
    /// Not documented by Springest: a site may not have it.
    /// </summary>
    /// <exception cref="SpringestException">404 if there is no such subject.</exception>
    public virtual Task<Subject> GetSubjectAsync(long id, CancellationToken cancellationToken = default)
        => GetAsync($"subjects/{id}", SpringestJson.Default.Subject, subject => subject.Id, cancellationToken);

    /// <summary>
    /// Completions of a term by group, such as <c>subjects</c>, <c>GET /autocomplete/:term.jsonp</c> (docs/springest-api.md, section 8.11).
    /// </summary>
    /// <param name="term">What was typed so far; not empty.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The completions by group; a group that there is not is empty.</returns>
    public virtual Task<ILookup<string, Suggestion>> AutocompleteAsync(string term, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(term);
        var asJsonp = Connection.Options.AutocompleteFormat == "jsonp" && Connection.Options.Format == SpringestFormat.Json;
        var request = new SpringestRequest(HttpMethod.Get, $"autocomplete/{Uri.EscapeDataString(term)}")
        {
            Extension = asJsonp ? "jsonp" : null,
            Query = asJsonp ? new QueryString().Add("callback", Jsonp.Callback).Values : [],
        };
        return ReadAsync(request, WholeReader.ReadSuggestions, cancellationToken);
    }

    /// <summary>
    /// How to embed a review widget, <c>GET /oembed.json</c> (docs/springest-api.md, section 8.18).
    /// </summary>
    /// <param name="widget">Address of the widget, under <c>www.springest.nl/oembed/</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public virtual Task<OEmbed> GetOEmbedAsync(Uri widget, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(widget);
        var request = new SpringestRequest(HttpMethod.Get, "oembed") { Query = new QueryString().Add("url", widget.AbsoluteUri).Values };
        return ReadAsync(request, WholeReader.ReadOEmbed, cancellationToken);
    }

    private static QueryString Query(TrainingFilter filter) => new QueryString()
        .Add("query", filter.Query)
        .Add("subject_id", filter.SubjectId)
        .Add("institute_id", filter.InstituteId)
        .Add("category_id", filter.CategoryId)
        .Add("method", filter.Method)
        .Add("level", filter.Level)
        .Add("region", filter.Region)
        .Add("country", filter.Country)
        .Add("created_from", filter.CreatedFrom)
        .Add("published_from", filter.PublishedFrom)
        .Add("modified_from", filter.ModifiedFrom)
        .Add("full", filter.Full ? "true" : null);
}

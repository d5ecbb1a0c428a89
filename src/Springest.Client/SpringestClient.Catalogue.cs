using System.Globalization;
using Springest.Client.Http;
using Springest.Client.Json;

namespace Springest.Client;

public sealed partial class SpringestClient
{
    /// <summary>Trainings, <c>GET /trainings.json</c> (contract, section 8.1).</summary>
    public SpringestList<Training> ListTrainings(TrainingFilter? filter = null, ListOptions? options = null)
        => List("trainings", SpringestJson.Default.Training, training => training.Id, options, new QueryString()
            .Add("institute_id", filter?.InstituteId)
            .Add("modified_from", filter?.ModifiedFrom)
            .Add("full", filter is { Full: true } ? "true" : null));

    /// <summary>One training, <c>GET /trainings/:id.json</c> (section 8.2).</summary>
    /// <exception cref="SpringestException">404 if there is no such training, or it is not published.</exception>
    public Task<Training> GetTrainingAsync(long id, CancellationToken cancellationToken = default)
        => GetAsync(string.Create(CultureInfo.InvariantCulture, $"trainings/{id}"), SpringestJson.Default.Training, cancellationToken);

    /// <summary>Subjects, <c>GET /subjects.json</c> (section 8.6).</summary>
    /// <param name="categoryId">Only those of this category.</param>
    /// <param name="options">How the list is fetched.</param>
    public SpringestList<Subject> ListSubjects(long? categoryId = null, ListOptions? options = null)
        => List("subjects", SpringestJson.Default.Subject, subject => subject.Id, options, new QueryString().Add("category_id", categoryId));
}

using System.Text.Json.Nodes;
using Springest.Simulator.Data;
using Springest.Simulator.Http;

namespace Springest.Simulator.Endpoints;

/// <summary>
/// <c>POST /trainings/:id/starting_dateplaces</c> and <c>PATCH /starting_dateplaces/:id</c> (docs/springest-api.md, section 8.3).
/// </summary>
internal static class StartingDateplaceEndpoints
{
    public static async Task<Reply> CreateAsync(Call call)
    {
        var body = await call.BodyAsync();
        if (call.Id() is not { } id || call.Catalogue.Trainings.Find(id) is not { Visible: true } training)
            return Reply.NotFound();
        if (!MayWrite(call, training))
            return Reply.Forbidden();
        var faults = StartingDateplaceRules.CheckNew(body);
        if (faults.Any)
            return call.Invalid(faults);
        var dateplace = StartingDateplaceRules.ToRecord(call.Catalogue.NextDateplaceId(), body);
        call.Catalogue.Trainings.Update(id, record => List(record).Add(dateplace.DeepClone()));
        return Reply.Ok(WithTraining(dateplace, id), 201);
    }

    public static async Task<Reply> UpdateAsync(Call call)
    {
        var body = await call.BodyAsync();
        if (call.Id() is not { } id || Owner(call.Catalogue.Trainings, id) is not { Visible: true } training)
            return Reply.NotFound();
        if (!MayWrite(call, training))
            return Reply.Forbidden();
        var faults = StartingDateplaceRules.CheckChange(body, call.Behaviour.AllowDatePlacePatch);
        if (faults.Any)
            return call.Invalid(faults);
        JsonObject? changed = null;
        call.Catalogue.Trainings.Update(training.Id, record =>
            changed = Find(record, id) is { } dateplace ? StartingDateplaceRules.Apply(body, dateplace) : null);
        return changed is null ? Reply.NotFound() : Reply.Ok(WithTraining(changed, training.Id));
    }

    /// <summary>A starting date and place of a training; null if it has none of that id.</summary>
    public static JsonObject? Find(JsonObject training, long id)
        => List(training).OfType<JsonObject>().FirstOrDefault(dateplace => dateplace["id"]?.GetValue<long>() == id);

    private static bool MayWrite(Call call, Record training) => call.Key.InstituteId is not { } own || training.InstituteId == own;

    private static JsonArray List(JsonObject training)
    {
        if (training["starting_dateplaces"] is JsonArray list)
            return list;
        var empty = new JsonArray();
        training["starting_dateplaces"] = empty;
        return empty;
    }

    // A generated id says whose it is; any other is looked for.
    private static Record? Owner(RecordSet trainings, long id)
        => trainings.Find(id / 100) is { } likely && Find(likely.ToObject(), id) is not null
            ? likely
            : trainings.Snapshot().FirstOrDefault(training => Find(training.ToObject(), id) is not null);

    private static JsonObject WithTraining(JsonObject dateplace, long trainingId)
    {
        var answer = new JsonObject { ["id"] = dateplace["id"]!.DeepClone(), ["training_id"] = trainingId };
        foreach (var (name, value) in dateplace.Where(field => field.Key != "id"))
            answer[name] = value?.DeepClone();
        return answer;
    }
}

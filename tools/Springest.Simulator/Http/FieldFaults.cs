using System.Text.Json.Nodes;
using Springest.Simulator.Behaviours;

namespace Springest.Simulator.Http;

/// <summary>What is wrong with the fields of a request.</summary>
internal sealed class FieldFaults
{
    private readonly List<(string Field, string Fault)> _faults = [];

    public bool Any => _faults.Count > 0;

    public void Add(string field, string fault) => _faults.Add((field, fault));

    public JsonNode ToJson(ErrorShape shape)
    {
        if (shape == ErrorShape.Text)
            return string.Join(", ", _faults.Select(fault => $"{fault.Field} {fault.Fault}"));
        var fields = new JsonObject();
        foreach (var field in _faults.GroupBy(fault => fault.Field, fault => (JsonNode)fault.Fault))
            fields[field.Key] = shape == ErrorShape.Arrays ? new JsonArray([.. field]) : string.Join(", ", field);
        return fields;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Springest.Simulator.Data;

/// <summary>One record of the catalogue. Immutable: a change puts another in its place.</summary>
public sealed class Record
{
    private readonly byte[] _json;
    private bool _published = true;

    internal Record(byte[] json, DateOnly created)
    {
        _json = json;
        Created = created;
        ReadHead();
    }

    /// <summary>Its id.</summary>
    public long Id { get; private set; }

    /// <summary>The complete record as JSON in UTF-8.</summary>
    public ReadOnlyMemory<byte> Json => _json;

    /// <summary>The institute it belongs to, if it says one.</summary>
    public long? InstituteId { get; private set; }

    /// <summary>The day of its <c>modified</c> stamp, in the stamp's own offset.</summary>
    public DateOnly? Modified { get; private set; }

    /// <summary>The day it came into the catalogue.</summary>
    public DateOnly Created { get; }

    /// <summary>True keeps it out of every answer, as a certification that nobody verified.</summary>
    public bool Hidden { get; init; }

    /// <summary>Whether requests can see it: not hidden, and published if it has a status.</summary>
    public bool Visible => !Hidden && _published;

    /// <summary>The record as a tree of its own.</summary>
    public JsonObject ToObject() => JsonNode.Parse(_json)!.AsObject();

    internal Record With(bool hidden) => new(_json, Created) { Hidden = hidden };

    // The fields that most requests filter by stand near the record's beginning: reading stops there.
    private void ReadHead()
    {
        var reader = new Utf8JsonReader(_json);
        reader.Read();
        for (var fields = 0; fields < 8 && reader.Read() && reader.TokenType == JsonTokenType.PropertyName; fields++)
        {
            var name = reader.GetString();
            reader.Read();
            if (name == "id" && reader.TokenType == JsonTokenType.Number)
                Id = reader.GetInt64();
            else if (name == "institute_id" && reader.TokenType == JsonTokenType.Number)
                InstituteId = reader.GetInt64();
            else if (name == "status")
                _published = reader.ValueTextEquals("published");
            else if (name == "modified" && reader.TokenType == JsonTokenType.String)
                Modified = TimeStamp.Day(reader.GetString()!);
            reader.Skip();
        }

        if (Id <= 0)
            throw new ArgumentException("A record has a number above 0 as id among its first fields.");
    }
}

using System.Text.Json.Nodes;

namespace Springest.Simulator.Data;

/// <summary>One record of the catalogue. Immutable: a change puts another in its place.</summary>
public sealed class Record
{
    private readonly Func<ReadOnlyMemory<byte>> _json;
    private RecordFacets? _facets;

    /// <summary>A record as it is given.</summary>
    internal Record(byte[] json, DateOnly created)
    {
        _json = () => json;
        (Head, Created) = (RecordHead.Read(json), created);
    }

    /// <summary>A generated record, which is written anew whenever somebody reads it: thousands of them take no room.</summary>
    internal Record(RecordHead head, Func<ReadOnlyMemory<byte>> json, DateOnly created)
    {
        _json = json;
        (Head, Created) = (head, created);
    }

    /// <summary>Its id.</summary>
    public long Id => Head.Id;

    /// <summary>The complete record as JSON in UTF-8.</summary>
    public ReadOnlyMemory<byte> Json => _json();

    /// <summary>The institute it belongs to, if it says one.</summary>
    public long? InstituteId => Head.InstituteId;

    /// <summary>The day of its <c>modified</c> stamp, in the stamp's own offset.</summary>
    public DateOnly? Modified => Head.Modified;

    /// <summary>The day it came into the catalogue.</summary>
    public DateOnly Created { get; }

    /// <summary>True keeps it out of every answer, as a certification that nobody verified.</summary>
    public bool Hidden { get; private init; }

    /// <summary>Whether requests can see it: not hidden, and published if it has a status.</summary>
    public bool Visible => !Hidden && Head.Published;

    internal RecordHead Head { get; }

    /// <summary>What is searched and filtered by. Two threads may both find it out, to the same effect.</summary>
    internal RecordFacets Facets => _facets ??= RecordFacets.Read(Json);

    /// <summary>The record as a tree of its own.</summary>
    public JsonObject ToObject() => JsonNode.Parse(Json.Span)!.AsObject();

    internal Record With(bool hidden) => new(Head, _json, Created) { Hidden = hidden };
}

using System.Text;
using System.Text.Json;
using Springest.Functions.Text;

namespace Springest.Functions.Catalogue.Records;

/// <summary>
/// The fields that have been seen, level by level, so that looking through a record of known fields costs no more than reading it
/// once. A field within a list's items is <c>subjects[].name</c>, within an object <c>institute.name</c>.
/// </summary>
internal sealed class FieldTree
{
    /// <summary>Enough for every API; a server that makes up names must not fill memory and table.</summary>
    private const int MaxFields = 2_000;

    private readonly Node _root = new("");
    private int _nodes;

    /// <summary>Goes through a record.</summary>
    /// <param name="json">One JSON value that has been read before.</param>
    /// <param name="meet">Called for each field whose type is new here.</param>
    public void Walk(ReadOnlySpan<byte> json, Action<Node, string> meet)
    {
        var reader = new Utf8JsonReader(json);
        if (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
            WalkObject(ref reader, _root, meet);
    }

    private void WalkObject(ref Utf8JsonReader reader, Node parent, Action<Node, string> meet)
    {
        // Records name their fields in the same order, so the next name is most often the one after the last.
        var next = 0;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var node = parent.Find(reader.ValueSpan, ref next) ?? TryAdd(ref reader, parent);
            reader.Read();
            WalkValue(ref reader, node, meet);
        }
    }

    private void WalkValue(ref Utf8JsonReader reader, Node? node, Action<Node, string> meet)
    {
        if (node is null)
        {
            reader.Skip();
            return;
        }

        var type = reader.TokenType switch
        {
            JsonTokenType.True or JsonTokenType.False => "boolean",
            JsonTokenType.Number => "number",
            JsonTokenType.String => "string",
            JsonTokenType.StartArray => "array",
            JsonTokenType.StartObject => "object",
            _ => null,
        };
        if (type is not null && !node.Types.Contains(type))
            meet(node, type);
        if (type is "object")
            WalkObject(ref reader, node, meet);
        else if (type is "array")
            WalkArray(ref reader, node.Item, meet);
    }

    private void WalkArray(ref Utf8JsonReader reader, Node item, Action<Node, string> meet)
    {
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
            WalkValue(ref reader, item, meet);
    }

    private Node? TryAdd(ref Utf8JsonReader reader, Node parent)
        => _nodes++ < MaxFields ? parent.Add(reader.ValueSpan.ToArray(), NameOf(ref reader)) : null;

    private static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Not text that .NET can hold, such as half a surrogate pair: as it was escaped.
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    /// <summary>One field.</summary>
    internal sealed class Node(string path)
    {
        private const int MaxPath = 200;

        private readonly List<(byte[] Name, Node Node)> _children = [];
        private Node? _item;

        public string Path { get; } = StoredText.Cut(path, MaxPath);

        /// <summary>The types that it has been seen with.</summary>
        public List<string> Types { get; } = [];

        /// <summary>The items of a list.</summary>
        public Node Item => _item ??= new Node($"{Path}[]");

        /// <param name="name">The name as it stands in the record.</param>
        /// <param name="next">Where to look first; moved behind what is found.</param>
        public Node? Find(ReadOnlySpan<byte> name, ref int next)
        {
            for (var tried = 0; tried < _children.Count; tried++)
            {
                var index = (next + tried) % _children.Count;
                if (name.SequenceEqual(_children[index].Name))
                {
                    next = index + 1;
                    return _children[index].Node;
                }
            }

            return null;
        }

        public Node Add(byte[] name, string text)
        {
            var node = new Node(Path.Length == 0 ? text : $"{Path}.{text}");
            _children.Add((name, node));
            return node;
        }
    }
}

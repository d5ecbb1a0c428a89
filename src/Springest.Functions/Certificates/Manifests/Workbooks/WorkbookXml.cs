using System.Text;
using System.Xml;

namespace Springest.Functions.Certificates.Manifests.Workbooks;

/// <summary>
/// A part of a workbook, read forward. Elements go by their names without namespace, since there are two for the same. However the part is
/// made, little of it is held.
/// </summary>
internal sealed class WorkbookXml(Stream content) : IDisposable
{
    /// <summary>What a cell can hold.</summary>
    public const int MaxText = 32_767;

    private const int MaxDepth = 64;

    private readonly XmlReader _xml = XmlReader.Create(
        content,
        new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CloseInput = true,
            NameTable = new FewNames(),
        });

    public XmlNodeType Kind => _xml.NodeType;

    /// <summary>Name of the element; empty between elements.</summary>
    public string Name => _xml.LocalName;

    public bool IsEmpty => _xml.IsEmptyElement;

    public bool Read()
        => _xml.Read() && (_xml.Depth <= MaxDepth ? true : throw new XmlException("Too many elements are nested."));

    public string? Attribute(string name) => _xml.GetAttribute(name);

    /// <summary>An attribute whatever its namespace.</summary>
    public string? AnyAttribute(string name)
    {
        var value = default(string);
        for (var more = _xml.MoveToFirstAttribute(); more; more = _xml.MoveToNextAttribute())
        {
            if (_xml.LocalName == name)
                value = _xml.Value;
        }

        _xml.MoveToElement();
        return value;
    }

    /// <summary>Adds the text at hand, if it is one.</summary>
    public void AppendTo(StringBuilder text)
    {
        if (Kind is not (XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace))
            return;
        text.Append(_xml.Value);
        if (text.Length > MaxText)
            throw ManifestException.TooLarge(null);
    }

    public void Dispose() => _xml.Dispose();

    /// <summary>The names of a workbook are few; all are held as long as the part is read.</summary>
    private sealed class FewNames : NameTable
    {
        private const int Most = 10_000;

        private int _count;

        public override string Add(string key) => Get(key) ?? Count(base.Add(key));

        public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? Count(base.Add(key, start, len));

        private string Count(string name) => ++_count <= Most ? name : throw new XmlException("There are too many names.");
    }
}

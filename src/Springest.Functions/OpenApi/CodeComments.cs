using System.Reflection;
using System.Xml.Linq;

namespace Springest.Functions.OpenApi;

/// <summary>What the code says of itself: the compiler's file of comments, which is deployed beside the app.</summary>
internal sealed class CodeComments
{
    private readonly Dictionary<string, XElement> _members;

    private CodeComments(Dictionary<string, XElement> members) => _members = members;

    public static CodeComments Of(Assembly assembly)
    {
        var file = Path.ChangeExtension(assembly.Location, ".xml");
        return new(!File.Exists(file) ? [] : XDocument.Load(file).Descendants("member")
            .ToDictionary(member => member.Attribute("name")!.Value, member => member));
    }

    public string? Of(MethodInfo method)
    {
        var start = $"M:{NameOf(method.DeclaringType!)}.{method.Name}(";
        return Text(_members.FirstOrDefault(member => member.Key.StartsWith(start, StringComparison.Ordinal)).Value?.Element("summary"));
    }

    public string? Of(Type type) => Text(Find($"T:{NameOf(type)}")?.Element("summary"));

    /// <summary>Of a property, or the parameter of the record that it stands for.</summary>
    public string? Of(Type type, string property)
        => Text(Find($"P:{NameOf(type)}.{property}")?.Element("summary")
            ?? Find($"T:{NameOf(type)}")?.Elements("param").FirstOrDefault(one => one.Attribute("name")?.Value == property));

    private XElement? Find(string member) => _members.GetValueOrDefault(member);

    private static string NameOf(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string? Text(XElement? comment)
        => comment is null ? null : string.Join(' ', string.Concat(comment.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "see" or "paramref" } see => (see.Attributes().First().Value.Split('(')[0]).Split('.', ':')[^1],
            XElement other => other.Value,
            _ => $"{node}",
        })).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

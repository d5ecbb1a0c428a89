namespace Springest.Simulator.Behaviours;

/// <summary>Form of an error in XML (docs/springest-api.md, section 6).</summary>
public enum XmlErrorRoot
{
    /// <summary><c>&lt;error&gt;&lt;message&gt;</c></summary>
    Error,

    /// <summary><c>&lt;response&gt;&lt;error&gt;</c></summary>
    Response,

    /// <summary><c>&lt;hash&gt;&lt;error&gt;</c></summary>
    Hash,
}

namespace Springest.Simulator.Http;

/// <summary>The form of an answer, chosen by the path's extension (docs/springest-api.md, section 3).</summary>
internal enum ApiFormat
{
    Json,
    Xml,
    Jsonp,
}

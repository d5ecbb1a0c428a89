namespace Springest.Simulator.Http;

/// <summary>A parameter has a value that cannot be read: 400 (docs/springest-api.md, section 8.1).</summary>
internal sealed class BadParameterException(string parameter, string fault) : Exception($"{parameter} {fault}")
{
    public string Parameter => parameter;

    public string Fault => fault;
}

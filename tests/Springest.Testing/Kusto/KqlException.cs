namespace Springest.Testing.Kusto;

/// <summary>A query that Log Analytics would refuse, or that uses what is not known here.</summary>
public sealed class KqlException(string message) : Exception(message);

using System.Globalization;

namespace Springest.Client.Http;

/// <summary>Parameters of a list; those that are null are left out.</summary>
internal sealed class QueryString
{
    private readonly List<KeyValuePair<string, string>> _values = [];

    public IReadOnlyList<KeyValuePair<string, string>> Values => _values;

    public QueryString Add(string name, string? value)
    {
        if (value is not null)
            _values.Add(new(name, value));
        return this;
    }

    public QueryString Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public QueryString Add(string name, DateOnly? value) => Add(name, value?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
}

namespace Springest.Client;

/// <summary>
/// A field that may be left out of a write: not set (not sent, the server keeps what it has), null (sent as null), or a value,
/// an empty one included (sent as it is). Springest overwrites with whatever is sent (docs/springest-api.md, section 8.14).
/// </summary>
public readonly record struct Field<T>
{
    private readonly T? _value;

    /// <summary>A field that is sent.</summary>
    public Field(T? value)
    {
        _value = value;
        IsSet = true;
    }

    /// <summary>True if the field is sent.</summary>
    public bool IsSet { get; }

    /// <summary>The value; the default of its type if not set.</summary>
    public T? Value => _value;

    /// <summary>A field that is sent.</summary>
    public static implicit operator Field<T>(T? value) => new(value);
}

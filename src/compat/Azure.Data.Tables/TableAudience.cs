namespace Azure.Data.Tables;

/// <summary>The service that a token is meant for.</summary>
public readonly struct TableAudience(string value) : IEquatable<TableAudience>
{
    private readonly string _value = value;

    public static TableAudience AzurePublicCloud { get; } = new("https://storage.azure.com");

    public static bool operator ==(TableAudience left, TableAudience right) => left.Equals(right);

    public static bool operator !=(TableAudience left, TableAudience right) => !left.Equals(right);

    public bool Equals(TableAudience other) => string.Equals(_value, other._value, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object? obj) => obj is TableAudience other && Equals(other);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(_value);

    public override string ToString() => _value;

    internal string Scope => $"{_value.TrimEnd('/')}/.default";
}

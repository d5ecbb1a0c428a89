namespace Azure.Data.Tables.Wire;

/// <summary>The answer to a read of what is not there.</summary>
internal sealed class MissingEntity<T>(Response response) : NullableResponse<T>
{
    public override bool HasValue => false;

    public override T Value => throw new InvalidOperationException("There is no such entity; look at HasValue first.");

    public override Response GetRawResponse() => response;
}

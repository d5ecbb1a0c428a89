namespace Springest.Client.Json;

/// <summary>A closed list of words that the API may extend at any time, so a struct around the word and no enum.</summary>
internal interface IStringEnum<TSelf>
    where TSelf : struct, IStringEnum<TSelf>
{
    string Value { get; }

    static abstract TSelf Of(string value);
}

using System.Text.Json;

namespace Springest.Client.Reading;

/// <summary>
/// An answer that is not what its endpoint answers. The message is in our words only: those of the parsers quote the answer, which may
/// hold anything.
/// </summary>
internal sealed class UnreadableException(string why) : Exception(why)
{
    public static UnreadableException NotJson(JsonException e)
        => new($"it is not JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
}

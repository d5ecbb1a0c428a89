using System.Text;

namespace Springest.Functions.Certificates.Inspection;

/// <summary>
/// Tells bytes that something on their way took for text and wrote anew: whatever was no character is U+FFFD then, and everything is UTF-8,
/// which what is packed in a file never is by chance.
/// </summary>
internal sealed class ReencodedBytes
{
    private const int Least = 8;

    private readonly char[] _characters = new char[4096];
    private Decoder? _decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetDecoder();
    private int _replaced;

    public bool Found => _decoder is not null && _replaced >= Least;

    /// <summary>Takes the next part.</summary>
    public void Read(ReadOnlySpan<byte> part)
    {
        try
        {
            while (!part.IsEmpty && _decoder is not null)
            {
                _decoder.Convert(part, _characters, flush: false, out var bytes, out var characters, out _);
                _replaced += _characters.AsSpan(0, characters).Count('\uFFFD');
                part = part[bytes..];
            }
        }
        catch (DecoderFallbackException)
        {
            _decoder = null;
        }
    }
}

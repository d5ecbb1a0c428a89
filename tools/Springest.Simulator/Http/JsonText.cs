using System.Text.Encodings.Web;
using System.Text.Json;

namespace Springest.Simulator.Http;

/// <summary>How JSON is written: compact, and only what must be escaped is.</summary>
internal static class JsonText
{
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly JsonWriterOptions Writer = new() { Encoder = Options.Encoder, SkipValidation = true };
}

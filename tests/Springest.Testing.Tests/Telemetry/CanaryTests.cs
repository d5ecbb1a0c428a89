using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Springest.Testing.Telemetry;

namespace Springest.Testing.Tests.Telemetry;

public sealed class CanaryTests
{
    private const string Text = "jan+test@canary.example";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Forms =>
    [
        $"a line that names {Text}.",
        $"http://127.0.0.1/certificates/nl/3101_{Uri.EscapeDataString(Text)}.pdf",
        Uri.EscapeDataString($"http://127.0.0.1/{Uri.EscapeDataString(Text)}"),
        $"http://127.0.0.1/?q={Uri.EscapeDataString(Text).ToLowerInvariant()}",
        JsonSerializer.Serialize(new { text = Text }),
        JsonSerializer.Serialize(new { text = Text }, Plain),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(Text)),
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"n{Text}!")),
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"nl{Text}!!")),
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"nl/{Uri.EscapeDataString(Text)}")),
    ];

    [Theory]
    [MemberData(nameof(Forms))]
    public void It_is_found_in_whatever_form(string written)
    {
        Assert.NotNull(new Canary(Text).FindIn($"before{written} after"));
        Assert.NotNull(new Canary(Text).FindIn([0, 255, .. Encoding.UTF8.GetBytes(written), 128]));
    }

    [Fact]
    public void Another_text_is_not()
        => Assert.Null(new Canary(Text).FindIn($"{Text[1..]} {Convert.ToBase64String(Encoding.UTF8.GetBytes("jan@canary.example"))}"));
}

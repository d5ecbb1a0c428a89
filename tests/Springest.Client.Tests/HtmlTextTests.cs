namespace Springest.Client.Tests;

public sealed class HtmlTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("plain  text\n here", "plain text here")]
    [InlineData("<p>Leer <b>plannen</b> &amp; meer.</p><ul><li>Een</li><li>Twee</li></ul>", "Leer plannen & meer.\n- Een\n- Twee")]
    [InlineData("a<br>b<br/>c", "a\nb\nc")]
    [InlineData("<h2>Kop</h2>tekst<hr>x", "Kop\ntekstx")]
    [InlineData("1 < 2 > 0 &lt;b&gt;", "1 < 2 > 0 <b>")]
    [InlineData("&amp;euro; &euro; &eacute; &nope;", "&euro; € é &nope;")]
    [InlineData("<script>alert('</p>')</script>x<style>p{}</style><!-- <p> -->y", "xy")]
    [InlineData("cut off in a <stro...", "cut off in a")]
    [InlineData("cut off in an &eac...", "cut off in an ...")]
    [InlineData("cut off in an &#8230... ", "cut off in an ...")]
    [InlineData("salt & pepper...", "salt & pepper...")]
    [InlineData("<script>never closed", "")]
    [InlineData("<!-- never closed", "")]
    [InlineData("&#xD800; &#99999999;", "&#xD800; &#99999999;")]
    [InlineData("a <", "a <")]
    public void Html_becomes_text(string? html, string expected) => Assert.Equal(expected, HtmlText.ToPlainText(html));

    [Fact]
    public void Text_is_made_of_anything_without_a_fault_and_in_time()
    {
        var random = new Random(20240117);
        const string Alphabet = "<>/!-&;#x0ap script li\n\ud800\"'";
        for (var i = 0; i < 5_000; i++)
            _ = HtmlText.ToPlainText(
                string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => Alphabet[random.Next(Alphabet.Length)])));
        foreach (var piece in new[] { "<", "<p", "<!--", "<script>", "&", "&#", "<p>", "</" })
            _ = HtmlText.ToPlainText(string.Concat(Enumerable.Repeat(piece, 200_000)));
    }
}

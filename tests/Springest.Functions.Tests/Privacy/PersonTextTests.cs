using Springest.Functions.Privacy;

namespace Springest.Functions.Tests.Privacy;

/// <summary>A text names a person however it is written, and not another one whose address is alike.</summary>
public sealed class PersonTextTests
{
    [Theory]
    [InlineData("jo@example.org", true)]
    [InlineData("JO@Example.Org", true)]
    [InlineData("<jo@example.org>", true)]
    [InlineData("mailto:jo@example.org?subject=x", true)]
    [InlineData("Mail jo@example.org.", true)]
    [InlineData("jo@example.org, jan@example.org", true)]
    [InlineData("a%20jo%40example.org", true)]
    [InlineData("\"jo\\u0040example.org\"", true)]
    [InlineData("\"\\u006ao@example.org\"", true)]
    [InlineData("Mail me:\\njo@example.org", true)]
    [InlineData("\\/jo@example.org", true)]
    [InlineData("banjo@example.org", false)]
    [InlineData("ban.jo@example.org", false)]
    [InlineData("ban_jo@example.org", false)]
    [InlineData("ban+jo@example.org", false)]
    [InlineData("jo@example.org.uk", false)]
    [InlineData("jo@example.organisation", false)]
    [InlineData("jo@example.org-x.nl", false)]
    [InlineData("jo.example.org", false)]
    [InlineData("100%", false)]
    [InlineData("%zz\\u00zz", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void An_address_is_found(string? text, bool isThere)
        => Assert.Equal(isThere, PersonText.OfEmail(" Jo@example.org\u200b ").IsIn(text));

    [Theory]
    [InlineData("12_jo@example.org_2026-01-15.pdf", true)]
    [InlineData("ban_jo@example.org_2026-01-15.pdf", true)]
    [InlineData("banjo@example.org_2026-01-15.pdf", false)]
    public void In_a_name_an_underscore_may_separate(string name, bool isThere)
        => Assert.Equal(isThere, PersonText.OfEmail("jo@example.org").MayBeIn(name));

    [Theory]
    [InlineData("Door Zoë Smit.", true)]
    [InlineData("door zoe\u0308 SMIT", true)]
    [InlineData("Zoë Smits", false)]
    [InlineData("Zoë", false)]
    public void A_name_is_found(string text, bool isThere) => Assert.Equal(isThere, PersonText.OfName("Zoë Smit").IsIn(text));

    [Fact]
    public void Nothing_names_nobody() => Assert.False(PersonText.OfName(" \u200b").IsIn("Zoë Smit"));
}

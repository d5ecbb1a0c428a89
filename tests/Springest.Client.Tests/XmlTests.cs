namespace Springest.Client.Tests;

/// <summary>XML as it should be (docs/springest-api.md, section 3.1), and as it should not be.</summary>
public sealed class XmlTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("<name>A &amp; B</name>", "A & B")]
    [InlineData("<name>A & B &copy; &euro; &x; &#101; &#x65; &;</name>", "A & B &copy; &euro; &x; e e &;")]
    [InlineData("<name>A &</name>", "A &")]
    [InlineData("<name><![CDATA[A & <b> &amp;]]></name>", "A & <b> &amp;")]
    [InlineData("<name>a<!-- & -->b</name>", "ab")]
    [InlineData("<name> </name>", " ")]
    [InlineData("<name/>", "")]
    [InlineData("<name nil=\"true\"/>", "")]
    [InlineData("<name nil=\"true\"><b>x</b></name>", "")]
    [InlineData("<name>&#x1;</name>", "\u0001")]
    public async Task Text_is_read_leniently(string element, string expected)
    {
        await using var server = await XmlAsync($"<response><subjects type=\"array\"><subject><id>1</id>{element}</subject></subjects></response>");

        Assert.Equal(expected, (await server.Client.ListSubjects().FirstAsync(Cancellation)).Name);
    }

    [Theory]
    [InlineData("<response><meta><results>2</results></meta><subjects><subject><id>1</id></subject><subject><id>2</id></subject></subjects></response>")]
    [InlineData("<subjects type=\"array\"><subject><id type=\"integer\">1</id></subject><subject><id>2</id></subject></subjects>")]
    [InlineData("<hash><subjects type=\"array\"><x><id type=\"float\">1.0</id></x><y><id>2</id></y></subjects></hash>")]
    public async Task Types_of_elements_are_hints_only(string body)
    {
        await using var server = await XmlAsync(body);

        Assert.Equal([1, 2], await server.Client.ListSubjects().Take(2).Select(subject => subject.Id).ToListAsync(Cancellation));
    }

    [Theory]
    [InlineData("<response><subjects/><meta><results>0</results></meta></response>")]
    [InlineData("<response><subjects type=\"array\"/></response>")]
    [InlineData("<nil-classes type=\"array\"/>")]
    public async Task Empty_lists_are_empty(string body)
    {
        await using var server = await XmlAsync(body);

        Assert.Empty(await server.Client.ListSubjects().ToListAsync(Cancellation));
    }

    [Theory]
    [InlineData("<!DOCTYPE r [<!ENTITY a \"x\">]><response><subjects type=\"array\"><s><id>1</id><name>&a;</name></s></subjects></response>", "DTD")]
    [InlineData("<!DOCTYPE r SYSTEM \"http://127.0.0.1:1/x.dtd\"><response><subjects type=\"array\"/></response>", "DTD")]
    [InlineData("<response><subjects type=\"array\"><subject>", "")]
    [InlineData("<response>", "")]
    [InlineData("<", "")]
    [InlineData("<html><body/></html>", "HTML")]
    public async Task What_is_no_proper_xml_is_an_error(string body, string word)
    {
        await using var server = await XmlAsync(body);

        var fault = await Assert.ThrowsAsync<SpringestException>(() => server.Client.ListSubjects().ToListAsync(Cancellation).AsTask());

        Assert.Contains(word, fault.Message);
    }

    [Fact]
    public async Task An_empty_registry_code_is_not_mistaken_for_a_number()
    {
        await using var server = await XmlAsync(
            "<response><trainings type=\"array\"><training><id>1</id><crebo type=\"integer\">93200</crebo><soi/><vat-rate type=\"decimal\"/></training></trainings></response>");

        var training = await server.Client.GetTrainingAsync(1, Cancellation);

        Assert.Equal(("93200", "", null), (training.Crebo, training.Soi, training.VatRate));
    }

    private static Task<CannedServer> XmlAsync(string body) => CannedServer.StartAsync(
        context => context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(
            context.Request.Query["offset"] is ["0"] or [] ? body : "<response><subjects type=\"array\"/></response>")).AsTask(),
        site => site.Format = SpringestFormat.Xml);
}

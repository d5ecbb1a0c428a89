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
    [InlineData("<name>Hallo <p>wereld</p></name>", "Hallo <p>wereld</p>")]
    [InlineData("<name><p>a<br>b</name>", "<p>a<br>b")]
    [InlineData("<name><A href=\"x?a=1&b=2\">a</A> < b</name>", "<A href=\"x?a=1&b=2\">a</A> < b")]
    [InlineData("<name>a<br/>b</name>", "a<br/>b")]
    public async Task Text_is_read_leniently(string element, string expected)
    {
        await using var server =
            await XmlAsync($"<response><subjects type=\"array\"><subject><id>1</id>{element}</subject></subjects></response>");

        Assert.Equal(expected, (await server.Client.ListSubjects().FirstAsync(Cancellation)).Name);
    }

    [Theory]
    [InlineData(
        "<response><meta><results>2</results></meta>"
            + "<subjects><subject><id>1</id></subject><subject><id>2</id></subject></subjects></response>"
    )]
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
    [InlineData("<response><subjects>\n</subjects></response>")]
    [InlineData("<subjects>\n </subjects>")]
    [InlineData("<subjects type=\"array\">\n </subjects>")]
    public async Task Empty_lists_are_empty(string body)
    {
        await using var server = await XmlAsync(body);

        Assert.Empty(await server.Client.ListSubjects().ToListAsync(Cancellation));
    }

    [Theory]
    [InlineData(
        "<!DOCTYPE r [<!ENTITY a \"x\">]><response><subjects type=\"array\"><s><id>1</id><name>&a;</name></s></subjects></response>",
        "DTD"
    )]
    [InlineData("<!DOCTYPE r SYSTEM \"http://127.0.0.1:1/x.dtd\"><response><subjects type=\"array\"/></response>", "DTD")]
    [InlineData("<response><subjects type=\"array\"><subject>", "")]
    [InlineData("<response>", "")]
    [InlineData("<", "")]
    [InlineData("<html><body/></html>", "HTML")]
    [InlineData("<!DOCTYPE html><html><body><p>x</body></html>", "HTML")]
    [InlineData("\n<!doctype HTML PUBLIC \"x\">", "HTML")]
    [InlineData("<html lang=\"nl\">", "HTML")]
    public async Task What_is_no_proper_xml_is_an_error(string body, string word)
    {
        await using var server = await XmlAsync(body);

        var fault = await Assert.ThrowsAsync<SpringestException>(() => server.Client.ListSubjects().ToListAsync(Cancellation).AsTask());

        Assert.Contains(word, fault.Message);
    }

    [Theory]
    [InlineData("\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>")]
    [InlineData("\uFEFF<?xml version=\"1.0\"?>\n")]
    [InlineData(" \t\r\n<!-- a -->")]
    public async Task Blanks_and_marks_before_the_document_are_skipped(string before)
    {
        await using var server = await XmlAsync($"{before}<subjects type=\"array\"><subject><id>1</id></subject></subjects>");

        Assert.Equal(1, (await server.Client.ListSubjects().FirstAsync(Cancellation)).Id);
    }

    [Theory]
    [InlineData("integer", "00421")]
    [InlineData("integer", "1.50")]
    [InlineData("float", "007.0")]
    [InlineData("string", "0421")]
    public async Task Code_keeps_its_digits(string type, string code)
    {
        await using var server = await XmlAsync(
            $"<trainings type=\"array\"><training><institute><id>2</id></institute><id>1</id><croho "
                + $"type=\"{type}\">{code}</croho></training></trainings>");

        Assert.Equal(code, (await server.Client.GetTrainingAsync(1, Cancellation)).Croho);
    }

    [Theory]
    [InlineData("<description><x>a</x></description>")]
    [InlineData("<description><x>a</x>b</description>")]
    [InlineData("<description type=\"array\"><x>a</x></description>")]
    public async Task Unknown_markup_in_a_text_costs_that_text(string element)
    {
        await using var server = await XmlAsync(
            $"<trainings type=\"array\"><training><id>1</id>{element}<name>A</name></training><training><id>2</id></training></trainings>");

        var trainings = await server.Client.ListTrainings().Take(2).ToListAsync(Cancellation);

        Assert.Equal([1, 2], trainings.Select(training => training.Id));
        Assert.Equal((null, "A"), (trainings[0].Description, trainings[0].Name));
        Assert.Contains("\"a\"", trainings[0].OtherFields!["description"].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_registry_code_is_not_mistaken_for_a_number()
    {
        await using var server = await XmlAsync(
            "<response><trainings type=\"array\"><training><id>1</id><crebo type=\"integer\">93200</crebo><soi/><vat-rate "
                + "type=\"decimal\"/></training></trainings></response>");

        var training = await server.Client.GetTrainingAsync(1, Cancellation);

        Assert.Equal(("93200", "", null), (training.Crebo, training.Soi, training.VatRate));
    }

    private static Task<CannedServer> XmlAsync(string body) => CannedServer.StartAsync(
        context => context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(
            context.Request.Query["offset"] is ["0"] or [] ? body : "<response><subjects type=\"array\"/></response>")).AsTask(),
        site => site.Format = SpringestFormat.Xml);
}

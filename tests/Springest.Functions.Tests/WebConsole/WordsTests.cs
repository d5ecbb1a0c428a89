using System.Text.Json;
using System.Text.RegularExpressions;
using Springest.Functions.Status.Report;
using Springest.Testing;

namespace Springest.Functions.Tests.WebConsole;

/// <summary>The page's words, in each language: none missing, none left over, none forgotten in English.</summary>
public sealed partial class WordsTests
{
    private static readonly string Folder = Repository.PathOf("src/Springest.Functions/WebConsole/Page");
    private static readonly string Words = Repository.PathOf("src/Springest.Functions/WebConsole/Words");

    // Which are the same word in another language.
    private static readonly Dictionary<string, string[]> Same = new()
    {
        ["nl"] = ["nav.webhooks", "who", "site", "todo.site", "class.Webhook", "mirror.records", "webhooks.object"],
        ["de"] = ["nav.webhooks", "who", "report.person"],
    };

    public static TheoryData<string> Others => ["nl", "de"];

    [Theory]
    [MemberData(nameof(Others))]
    public void Every_word_is_there_and_translated(string language)
    {
        var (english, other) = (Read("en"), Read(language));

        Assert.Equal(english.Keys, other.Keys);
        Assert.Equal(Same[language].Order(), english.Keys.Where(key => english[key] == other[key]).Order());
        Assert.All(english.Keys, key => Assert.Equal(
            (key, string.Join(' ', Placeholders(english[key]))), (key, string.Join(' ', Placeholders(other[key])))));
    }

    [Fact]
    public void Every_word_that_the_page_says_is_there_and_no_other()
    {
        var words = Read("en").Keys.ToHashSet();
        var scripts = string.Concat(Directory.GetFiles(Folder, "*.js").Order(StringComparer.Ordinal).Select(File.ReadAllText));
        var said = Literal().Matches(scripts).Select(match => match.Groups["key"].Value).ToHashSet();
        var begun = Template().Matches(scripts)
            .Select(match => (Start: match.Groups["start"].Value, End: match.Groups["end"].Value))
            .ToHashSet();

        Assert.Empty(said.Except(words));
        Assert.All(begun, each => Assert.Contains(words, word => IsOf(word, each)));
        Assert.DoesNotContain(words, word => !said.Contains(word) && !begun.Any(each => IsOf(word, each)));
    }

    [Fact]
    public void Every_kind_of_what_waits_has_a_title_a_sentence_and_advice()
    {
        var words = Read("en").Keys.ToHashSet();
        var kinds = TodoKinds.Severities.Keys.Order(StringComparer.Ordinal).ToList();
        var code = string.Concat(
            ((string[])["Status/Report/StatusReader.cs", "Status/Report/Overdue.cs", "Status/FunctionFailures.cs",
                "Certificates/Api/CertificateAttention.cs"])
            .Select(file => File.ReadAllText(Repository.PathOf($"src/Springest.Functions/{file}"))));
        var order = Order().Match(File.ReadAllText(Path.Combine(Folder, "todo.js"))).Value;

        Assert.Equal(
            words.Where(word => word.Split('.') is ["kind", _]).Select(word => word[5..]).Order(StringComparer.Ordinal), kinds);
        // What the code makes, and the one that it has by name.
        Assert.Equal(
            kinds, Kind().Matches(code).Select(match => match.Value.Trim('"')).Append("app-not-configured").Distinct()
                .Order(StringComparer.Ordinal));
        Assert.Equal(kinds, Kind().Matches(order.Replace('\'', '"')).Select(match => match.Value.Trim('"')).Order(StringComparer.Ordinal));
        Assert.All(kinds, kind => Assert.Contains($"kind.{kind}.text", words));
        Assert.All(kinds, kind => Assert.Contains($"kind.{kind}.help", words));
    }

    [Theory]
    [InlineData("en", "office.md")]
    [InlineData("nl", "office.nl.md")]
    [InlineData("de", "office.de.md")]
    public void Every_kind_that_leads_to_the_guide_of_the_office_is_in_it(string language, string guide)
    {
        var (words, text) = (Read(language), Repository.Read($"docs/{guide}"));
        var ofOffice = OfOffice().Match(File.ReadAllText(Path.Combine(Folder, "todo.js"))).Groups["rule"].Value;
        var kinds = TodoKinds.Severities.Keys.Where(kind => Regex.IsMatch(kind, ofOffice)).ToList();

        Assert.InRange(kinds.Count, 8, TodoKinds.Severities.Count);
        Assert.All(kinds, kind => Assert.Contains($"**{words[$"kind.{kind}"]}**", text, StringComparison.Ordinal));
    }

    private static bool IsOf(string word, (string Start, string End) each)
        => word.Length > each.Start.Length + each.End.Length
            && word.StartsWith(each.Start, StringComparison.Ordinal) && word.EndsWith(each.End, StringComparison.Ordinal);

    private static IEnumerable<string> Placeholders(string text)
        => Placeholder().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);

    private static Dictionary<string, string> Read(string language)
        => JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(Words, $"{language}.json")))!;

    [GeneratedRegex(@"\bt\([^'`()]*'(?<key>[a-z][A-Za-z.-]*)'|(?<=\bt\([^'`()\n]*'[^'\n]*' : )'(?<key>[a-z][A-Za-z.-]*)'"
        + @"|\['(?<key>report\.[a-z]+)'")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\b(t|has)\(`(?<start>[a-z.-]+)\$\{[^}]+\}(?<end>[a-z.-]*)`")]
    private static partial Regex Template();

    [GeneratedRegex(@"(?<=const order = \[)[^]]+")]
    private static partial Regex Order();

    [GeneratedRegex("const ofOffice = /(?<rule>[^/]+)/")]
    private static partial Regex OfOffice();

    [GeneratedRegex("\"[a-z]+(-[a-z]+)+\"")]
    private static partial Regex Kind();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();
}

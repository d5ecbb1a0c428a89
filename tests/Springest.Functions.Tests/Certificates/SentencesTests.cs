using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Resources;
using System.Text.RegularExpressions;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Tests.Infrastructure;
using Springest.Testing;

namespace Springest.Functions.Tests.Certificates;

public sealed partial class SentencesTests(AzuriteFixture azurite)
{
    private static readonly List<string> s_codes = [.. ConstantsOf(typeof(Reason), BindingFlags.Public)];

    // What stands in a sentence, before one, or in a file beside them.
    private static readonly string[] s_others =
    [
        "time_format", "place_line", "place_row", "place_cell", "cause_status", "list_separator", "sheet_rejections", "column_file",
        "column_reason", "column_email", "column_certification", "column_valid_from", "column_valid_until", "column_booking", "column_time",
        "column_code", "column_number", "sheet_list", "sheet_certifications",
    ];

    private static readonly Dictionary<string, Dictionary<string, string>> s_words
        = Sentences.Languages.ToDictionary(language => language, WordsOf);

    private static readonly TimeZoneInfo s_amsterdam = TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam");

    public static TheoryData<string> Languages => [.. Sentences.Languages];

    /// <summary>No reason may come up for the first time without words, and no word is kept that nobody says.</summary>
    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_code_has_words_and_no_word_is_left_over(string language)
        => Assert.Equal(
            s_codes.Concat(ConstantsOf(typeof(Reason), BindingFlags.NonPublic))
                .Concat(ConstantsOf(typeof(Cause), BindingFlags.Public).Select(cause => $"cause_{cause}"))
                .Concat(s_others).Order(),
            s_words[language].Keys.Order());

    [Fact]
    public void No_two_sentences_are_the_same_in_any_languages()
    {
        var said = s_words.Values.SelectMany(words => words.Where(word => !s_others.Contains(word.Key))).ToList();

        Assert.Empty(said.GroupBy(word => word.Value).Where(same => same.Skip(1).Any()).Select(same => same.First().Key));
    }

    [Fact]
    public void The_same_things_are_said_in_every_language()
    {
        foreach (var (key, english) in s_words["en"])
        {
            foreach (var language in s_words.Keys)
                Assert.Equal((key, Placeholders(english)), (key, Placeholders(s_words[language][key])));
        }
    }

    /// <summary>Names of fields are those that an office may write in its own language.</summary>
    [Theory]
    [InlineData("nl")]
    [InlineData("de")]
    public void No_english_is_left_in_other_languages(string language)
        => Assert.All(
            s_words[language].Where(word => word.Key != "time_format"), word => Assert.DoesNotMatch(English(), word.Value));

    [Fact]
    public void A_time_is_the_office_s_own()
    {
        Assert.Contains("(2 July 2026, 00:30)", Say("en", s_amsterdam), StringComparison.Ordinal);
        Assert.Contains("(2 juli 2026 00:30)", Say("nl", s_amsterdam), StringComparison.Ordinal);
        Assert.Contains("(1. Juli 2026, 22:30)", Say("de", TimeZoneInfo.Utc), StringComparison.Ordinal);

        static string Say(string language, TimeZoneInfo zone)
            => Sentences.In(language, zone).Say(Reason.CertificationUnknown, "3999", "nl", "2026-07-01T22:30:00Z");
    }

    [Theory]
    [InlineData(Cause.NoConnection, "geen verbinding")]
    [InlineData("401", "antwoordcode 401")]
    [InlineData("position|3|17", "fout in regel 3, byte 17")]
    [InlineData("something of later", "something of later")]
    public void A_cause_is_said_in_the_same_language(string cause, string words)
        => Assert.Contains(
            $"({words})", Sentences.In("nl", TimeZoneInfo.Utc).Say(Reason.WaitingForRetry, cause), StringComparison.Ordinal);

    /// <summary>Whatever people write is said as it is, whoever it may confuse.</summary>
    [Theory]
    [InlineData("{0}")]
    [InlineData("{1:cause} }{")]
    [InlineData("%s\u202E\0")]
    public void What_people_wrote_is_no_format(string written)
        => Assert.Contains(
            written,
            Sentences.In("de", TimeZoneInfo.Utc).Say(Problem.About("email", Reason.EmailInvalid, written)),
            StringComparison.Ordinal);

    /// <summary>A site's files are written in its language; who reads the ledger may have another.</summary>
    [Fact]
    public async Task What_is_written_can_be_said_again_in_another_language()
    {
        await using var desk = await CertificateDesk.OpenAsync(
            azurite, new() { ["Springest:Sites:nl:Language"] = "nl", ["Springest:Sites:nl:TimeZone"] = "America/New_York" });
        await desk.App.DropAsync(
            "manifest.csv", "file,certification_id,email,valid_from\na.pdf,3999,jo@example.test,2026-02-30\n"u8.ToArray());
        await desk.DropAsync("a.pdf", metadata: []);

        await desk.SweepAsync();

        var problems = (await desk.RejectionAsync("a.pdf"))!.Problems!;
        Assert.Equal([Reason.CertificationUnknown, Reason.ValidFromInvalid], problems.Select(problem => problem.Code));
        Assert.StartsWith("manifest.csv, regel 2: Springest-site 'nl' had geen", problems[0].Message, StringComparison.Ordinal);
        Assert.Equal(
            "manifest.csv, Zeile 2: Der erste Tag der Gültigkeit (gültig ab) ist '2026-02-30', und das ist kein Datum. "
                + "Schreiben Sie Jahr-Monat-Tag, zum Beispiel 2026-01-15.",
            Sentences.In("de", TimeZoneInfo.Utc).Say(problems[1]));
        var time = DateTimeOffset.Parse(problems[0].Values[2], CultureInfo.InvariantCulture);
        var there = TimeZoneInfo.ConvertTime(time, TimeZoneInfo.FindSystemTimeZoneById("America/New_York"));
        Assert.Contains(there.ToString("HH:mm", CultureInfo.InvariantCulture), problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_reason_is_in_the_documentation_and_no_other()
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "certificates.md"),
            TestContext.Current.CancellationToken);
        var table = page.Split("\n## ")
            .Single(section => section.StartsWith("What is checked", StringComparison.Ordinal))
            .Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|')[1]);

        Assert.Equal(s_codes.Order(), table.SelectMany(codes => codes.Split(',')).Select(code => code.Trim(' ', '`')).Order());
    }

    private static IEnumerable<string> ConstantsOf(Type type, BindingFlags access)
        => type.GetFields(access | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!);

    private static Dictionary<string, string> WordsOf(string language)
        => new ResourceManager($"{typeof(Sentences).FullName}.{language}", typeof(Sentences).Assembly)
            .GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);

    private static string Placeholders(string sentence)
        => string.Join(' ', Placeholder().Matches(sentence).Select(match => match.Value).Distinct().Order());

    [GeneratedRegex(@"\{\d(:\w+)?\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(
        @"\b(the|file|list|column|certification_id|certification|email|valid_from|valid_until|booking_id|waiting|rejected|not|with)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex English();
}

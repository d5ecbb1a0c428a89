using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Springest.Client.Tests;

/// <summary>Values in all their forms (docs/springest-api.md, section 3.2).</summary>
public sealed class ValueTests
{
    [Theory]
    [InlineData("349", "349")]
    [InlineData("349.50", "349.50")]
    [InlineData("\"349.50\"", "349.50")]
    [InlineData("\" 349.5 \"", "349.5")]
    [InlineData("\"\\u0033\"", "3")]
    [InlineData("-1e2", "-100")]
    [InlineData("0.1234567890123456789012345678", "0.1234567890123456789012345678")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("\"\"", null)]
    [InlineData("null", null)]
    public void Amounts_are_numbers_or_texts_of_numbers(string json, string? expected)
        => Assert.Equal(expected, Read($$"""{"id":1,"price":{{json}}}""").Price?.ToString(CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("1e400")]
    [InlineData("\"1e400\"")]
    [InlineData("\"1,5\"")]
    [InlineData("\"op aanvraag\"")]
    [InlineData("\"NaN\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("[]")]
    public void Value_that_is_no_amount_is_null_and_kept_as_sent(string json)
    {
        var training = Read($$"""{"id":1,"price":{{json}},"name":"A"}""");

        Assert.Equal((null, "A"), (training.Price, training.Name));
        Assert.Equal(json, training.OtherFields!["price"].GetRawText());
        Assert.Single(training.OtherFields);
    }

    [Theory]
    [InlineData("12", 12)]
    [InlineData("\"12\"", 12)]
    [InlineData("12.0", 12)]
    [InlineData("\"\"", null)]
    public void Counts_are_numbers_or_texts_of_numbers(string json, int? expected)
        => Assert.Equal(expected, Read($$"""{"id":1,"count":{{json}}}""").ReviewCount);

    [Theory]
    [InlineData("100145957", 100145957)]
    [InlineData("\"123123\"", 123123)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("\"9223372036854775807\"", long.MaxValue)]
    public void Ids_have_64_bits_and_may_be_text(string json, long expected) => Assert.Equal(expected, Read($$"""{"id":{{json}}}""").Id);

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"abc\"")]
    [InlineData("1.5")]
    [InlineData("1,\"id\":{}")]
    public void Record_without_a_proper_id_has_none(string json) => Assert.Equal(0, Read($$"""{"id":{{json}}}""").Id);

    [Theory]
    [InlineData("2023-10-26T12:30:00+02:00", "2023-10-26T12:30:00+02:00")]
    [InlineData("2023-10-26T12:30:00.123+02:00", "2023-10-26T12:30:00.123+02:00")]
    [InlineData("2023-10-26T12:30:00Z", "2023-10-26T12:30:00+00:00")]
    [InlineData("2023-10-26 12:30:00 UTC", "2023-10-26T12:30:00+00:00")]
    [InlineData("2023-10-26 12:30:00 +0200", "2023-10-26T12:30:00+02:00")]
    [InlineData("2023-10-26 12:30:00", "2023-10-26T12:30:00+02:00")]
    [InlineData("2023-10-29 02:30:00", "2023-10-29T02:30:00+02:00")]
    [InlineData("2023-10-29 03:00:00", "2023-10-29T03:00:00+01:00")]
    [InlineData("2023-03-26T01:59:59", "2023-03-26T01:59:59+01:00")]
    [InlineData("2023-03-26T03:00:00", "2023-03-26T03:00:00+02:00")]
    [InlineData("2023-12-26", "2023-12-26T00:00:00+01:00")]
    [InlineData("2023/10/26 12:30:00 +0200", "2023-10-26T12:30:00+02:00")]
    [InlineData("2023/10/26 12:30:00", "2023-10-26T12:30:00+02:00")]
    [InlineData("2023-10-26 12:30:00 CEST", "2023-10-26T12:30:00+02:00")]
    [InlineData("2023-10-26T12:30+02:00", "2023-10-26T12:30:00+02:00")]
    [InlineData("2023-10-26T12:30:00.1234567+0200", "2023-10-26T12:30:00.1234567+02:00")]
    [InlineData("Thu, 26 Oct 2023 12:30:00 GMT", "2023-10-26T12:30:00+00:00")]
    [InlineData("Thu, 26 Oct 2023 12:30:00 +0200", "2023-10-26T12:30:00+02:00")]
    [InlineData("Thu Oct 26 12:30:00 +0200 2023", "2023-10-26T12:30:00+02:00")]
    [InlineData("20231026T123000Z", "2023-10-26T12:30:00+00:00")]
    [InlineData("2023-10-26 12:30:00 Mars", null)]
    [InlineData("2023-13-26 12:30:00 +0200", null)]
    [InlineData("", null)]
    [InlineData("0000-00-00", null)]
    [InlineData("yesterday", null)]
    public void Moments_are_read_in_every_form(string text, string? expected)
        => Assert.Equal(
            expected is null ? null : DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture),
            Read($$"""{"id":1,"modified":"{{text}}"}""").Modified);

    [Theory]
    [InlineData("2024-02-29", "2024-02-29")]
    [InlineData("2024-02-29T00:00:00+01:00", "2024-02-29")]
    [InlineData("2024-02-29 10:30", "2024-02-29")]
    [InlineData("9999-12-31 23:59:59", "9999-12-31")]
    [InlineData("2023-02-29", null)]
    [InlineData("0000-00-00", null)]
    [InlineData("", null)]
    public void Days_are_read_or_null(string text, string? expected)
    {
        var start = Read(
            $$"""{"id":1,"starting_dateplaces":[{"id":2,"date":"{{text}}","date_is_month_only":"true"}]}"""
        ).StartingDateplaces[0];

        Assert.Equal(expected, start.Date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Assert.True(start.DateIsMonthOnly);
    }

    [Theory]
    [InlineData("2026-01-15 onder voorbehoud")]
    [InlineData("2026-01-15Tot nader order")]
    public void Day_with_anything_but_a_time_behind_it_is_null_and_kept_as_sent(string text)
    {
        var start = Read($$"""{"id":1,"starting_dateplaces":[{"id":2,"date":"{{text}}"}]}""").StartingDateplaces[0];

        Assert.Null(start.Date);
        Assert.Equal(text, start.OtherFields!["date"].GetString());
    }

    [Theory]
    [InlineData(699, "...", true)]
    [InlineData(703, "&hell...", true)]
    [InlineData(620, "<stro...", true)]
    [InlineData(703, "!", false)]
    [InlineData(120, "...", false)]
    [InlineData(1900, "...", false)]
    public void Description_that_the_list_cut_is_known(int length, string end, bool isShortened)
        => Assert.Equal(
            isShortened,
            Read($$"""{"id":1,"description":"{{new string('a', length - end.Length)}}{{end}}"}""").DescriptionIsShortened);

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"True\"", true)]
    [InlineData("1", true)]
    [InlineData("\"0\"", false)]
    [InlineData("null", false)]
    [InlineData("\"\"", false)]
    public void Flags_are_booleans_numbers_or_words(string json, bool expected)
        => Assert.Equal(
            expected,
            SpringestRecord.FromJson<Certification>(Utf8($$"""{"id":1,"name":"x","requires_valid_until":{{json}}}""")).RequiresValidUntil);

    [Theory]
    [InlineData("\"&euro;\"", "EUR")]
    [InlineData("\"€\"", "EUR")]
    [InlineData("\"eur\"", "EUR")]
    [InlineData("\"&pound;\"", "GBP")]
    [InlineData("\"&amp;euro;\"", null)]
    [InlineData("\"peanuts\"", null)]
    [InlineData("null", null)]
    public void Currencies_have_a_code_and_are_kept_as_sent(string json, string? code)
    {
        var training = Read($$"""{"id":1,"price_currency":{{json}}}""");

        Assert.Equal(code, training.Currency);
        Assert.Equal(JsonSerializer.Deserialize<string>(json), training.PriceCurrency);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    [InlineData("[null]")]
    [InlineData("{}")]
    [InlineData("\" \\n\"")]
    public void List_that_holds_nothing_is_empty(string json)
    {
        var training = Read($$"""{"id":1,"subjects":{{json}}}""");

        Assert.Empty(training.Subjects);
        Assert.Null(training.OtherFields);
        Assert.Empty(Read("""{"id":1}""").Subjects);
    }

    [Theory]
    [InlineData("""[{"id":3},{"id":4}]""", 3, 4)]
    [InlineData("""{"0":{"id":3},"1":{"id":4}}""", 3, 4)]
    [InlineData("""{"subject":{"category":{"id":9},"id":3}}""", 3)]
    [InlineData("""{"category":{"id":9},"id":3}""", 3)]
    [InlineData("""{"name":"A","id":3}""", 3)]
    public void List_in_a_record_is_read_in_every_shape_and_by_columns_alike(string json, params int[] ids)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(ids, Read($$"""{"id":1,"subjects":{{json}}}""").Subjects.Select(subject => (int)subject.Id));
        Assert.Equal(ids, SpringestValue.Items(document.RootElement).Select(item => item.GetProperty("id").GetInt32()));
    }

    [Fact]
    public void Item_whose_name_is_half_a_surrogate_pair_is_an_item()
    {
        using var document = JsonDocument.Parse("""{"\ud800":{"id":3}}""");

        Assert.Equal(3, Assert.Single(SpringestValue.Items(document.RootElement)).GetProperty("id").GetInt32());
    }

    [Theory]
    [InlineData("""["Utrecht",{"id":3}]""", 1)]
    [InlineData("\"Utrecht\"", 0)]
    [InlineData("12", 0)]
    public void List_with_other_things_in_it_is_kept_as_sent(string json, int items)
    {
        var training = Read($$"""{"id":1,"regions":{{json}}}""");

        Assert.Equal(items, training.Regions.Count);
        Assert.Equal(json, training.OtherFields!["regions"].GetRawText());
    }

    [Fact]
    public void Odd_values_of_inner_records_stay_with_them_and_are_written_out_once()
    {
        const string Json =
            """{"id":1,"institute":{"id":"x","name":[1]},"regions":[{"id":2},{"id":3,"order":"first"}],"price":"?","status":{"a":1}}""";

        var training = Read(Json);

        Assert.Equal(["id", "name"], training.Institute!.OtherFields!.Keys.Order());
        Assert.Null(training.Regions[0].OtherFields);
        Assert.Equal("first", training.Regions[1].OtherFields!["order"].GetString());
        Assert.Equal(["price", "status"], training.OtherFields!.Keys.Order());
        using var written = JsonDocument.Parse(training.ToJson(), new JsonDocumentOptions { AllowDuplicateProperties = false });
        Assert.Empty(JsonText.Missing(System.Text.Json.Nodes.JsonNode.Parse(Json),
            System.Text.Json.Nodes.JsonNode.Parse(training.ToJson())));
    }

    [Theory]
    [InlineData("true", "2027-06-01", 2027, 6)]
    [InlineData("1", "2027-12-31", 2027, 12)]
    [InlineData("false", "2027-06-01", null, null)]
    public void Start_known_by_its_month_has_a_month(string flag, string date, int? year, int? month)
    {
        var start = Read(
            $$"""{"id":1,"starting_dateplaces":[{"id":2,"date":"{{date}}","date_is_month_only":{{flag}}}]}"""
        ).StartingDateplaces[0];

        Assert.Equal((year, month), (start.StartMonth?.Year, start.StartMonth?.Month));
    }

    [Theory]
    [InlineData("12", 12, 12.0, null, "12")]
    [InlineData("12.0", 12, 12.0, null, "12.0")]
    [InlineData("\" 5054.0 \"", 5054, 5054.0, null, " 5054.0 ")]
    [InlineData("\"True\"", null, null, true, "True")]
    [InlineData("\"twelve\"", null, null, null, "twelve")]
    [InlineData("{}", null, null, null, null)]
    [InlineData("null", null, null, null, null)]
    public void Single_values_are_read_as_in_records(string json, int? whole, double? number, bool? flag, string? text)
    {
        using var document = JsonDocument.Parse(json);
        var value = document.RootElement;

        Assert.Equal(whole, SpringestValue.Read<long>(value));
        Assert.Equal(number, SpringestValue.Read<double>(value));
        Assert.Equal(flag, SpringestValue.Read<bool>(value));
        Assert.Equal(text, SpringestValue.ReadText(value));
        Assert.Equal(Read($$"""{"id":1,"count":{{json}},"price":{{json}}}""").Count, (int?)SpringestValue.Read<long>(value));
    }

    [Fact]
    public void Missing_null_and_empty_text_are_told_apart()
    {
        Assert.Null(Read("""{"id":1}""").Moments);
        Assert.Null(Read("""{"id":1,"moments":null}""").Moments);
        Assert.Equal("", Read("""{"id":1,"moments":""}""").Moments);
    }

    [Fact]
    public void Words_that_we_do_not_know_are_kept()
    {
        var booking = SpringestRecord.FromJson<Booking>(Utf8("""{"id":"1","status":"teleported","participation_status":"did not pass"}"""));

        Assert.Equal("teleported", booking.Status?.Value);
        Assert.Equal(ParticipationStatus.DidNotPass, booking.ParticipationStatus);
        Assert.Contains("\"status\":\"teleported\"", booking.ToJson());
    }

    [Fact]
    public void Fields_that_we_do_not_know_survive_at_every_depth()
    {
        const string Json =
            """{"id":1,"new":{"a":[1,2.50,"x",null]},"institute":{"id":2,"founded":1999},"regions":[{"id":3,"map":true}]}""";

        var training = Read(Json);

        Assert.Equal("2.50", training.OtherFields!["new"].GetProperty("a")[1].GetRawText());
        Assert.Empty(JsonText.Missing(System.Text.Json.Nodes.JsonNode.Parse(Json),
            System.Text.Json.Nodes.JsonNode.Parse(training.ToJson())));
    }

    private static Training Read(string json) => SpringestRecord.FromJson<Training>(Utf8(json));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}

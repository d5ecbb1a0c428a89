using Springest.Testing.Kusto;

namespace Springest.Testing.Tests.Telemetry;

public sealed class KqlTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, KqlTable> Tables = new()
    {
        ["Runs"] = new(["TimeGenerated", "Name", "Success", "Sum", "Properties"],
        [
            [Now.AddMinutes(-30), "crawl", true, 1.0, new Dictionary<string, string> { ["site"] = "nl" }],
            [Now.AddMinutes(-20), "crawl", false, 2.0, new Dictionary<string, string> { ["site"] = "nl" }],
            [Now.AddMinutes(-10), "sweep", false, 3.0, new Dictionary<string, string> { ["site"] = "uk" }],
        ]),
        ["Empty"] = new(["Name"], []),
    };

    [Theory]
    [InlineData("Runs | where Name == 'crawl' and Success == false | project Name, Sum", "Name=crawl, Sum=2")]
    [InlineData("Runs | where TimeGenerated > ago(15m) | project Name", "Name=sweep")]
    [InlineData("Runs | where TimeGenerated between (ago(25m) .. ago(15m)) | project Sum // those", "Sum=2")]
    [InlineData("Runs | where Name !in ('crawl') | project site = tostring(Properties.site)", "site=uk")]
    [InlineData("Runs | where not(Name startswith 'C') | project tostring(Properties.site)", "Properties_site=uk")]
    [InlineData("Runs | where Properties.nothing == 'x'", "")]
    [InlineData("Runs | summarize count() by Success | order by count_ desc", "Success=False, count_=2\nSuccess=True, count_=1")]
    [InlineData("Runs | summarize arg_max(TimeGenerated, Sum) by Name | project Name, Sum", "Name=crawl, Sum=2\nName=sweep, Sum=3")]
    [InlineData("Runs | summarize times = sumif(Sum, Success == false), hours = max(Sum) / 2", "times=5, hours=1.5")]
    [InlineData(
        "Runs | order by Sum desc | summarize all = strcat_array(make_list(strcat(Name, ' ', tostring(Sum))), ', ')",
        "all=sweep 3, crawl 2, crawl 1"
    )]
    [InlineData("Empty | summarize all = strcat_array(make_list(Name), ', ')", "all=")]
    [InlineData("Empty | summarize count()", "count_=0")]
    [InlineData("Empty | summarize count() by Name", "")]
    [InlineData(
        "let names = datatable(Name: string, limit: int) ['crawl', 1, 'sweep', 9,]; Runs | lookup names on Name | where Sum > limit | "
            + "project Sum",
        "Sum=2"
    )]
    [InlineData("let sweeps = Runs | where Name == 'sweep'; union sweeps, (Runs | where Success) | project Name", "Name=sweep\nName=crawl")]
    [InlineData(
        "Runs | extend late = case(Sum < 2, 'no', Sum == 2, 'yes', 'very') | project line = strcat(Name, ' ', late) | take 1",
        "line=crawl no"
    )]
    public void Queries_find_what_they_say(string query, string found) => Assert.Equal(found, KqlQuery.Run(query, Tables, Now).ToString());

    [Theory]
    [InlineData("Run", "There is no table Run.")]
    [InlineData("Runs | where Names == 'x'", "There is no column Names; there are TimeGenerated, Name, Success, Sum, Properties.")]
    [InlineData("Runs | project Name | where Sum > 1", "There is no column Sum; there are Name.")]
    [InlineData("Runs | where Name > 1", "String > Double cannot be compared.")]
    [InlineData("Runs | sumarize count()", "There is no operator sumarize.")]
    [InlineData("Runs | where before(1h)", "There is no function before.")]
    [InlineData("Runs | where (Success", "There is '' where ')' is expected, after 'Success'.")]
    [InlineData("Runs | where Name == 'x' ! ", "What is '!'?")]
    public void What_cannot_be_is_an_error(string query, string error)
        => Assert.Equal(error, Assert.Throws<KqlException>(() => KqlQuery.Run(query, Tables, Now)).Message);
}

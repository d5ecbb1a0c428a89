using System.Net;
using System.Text;
using Springest.Functions.Privacy;
using Springest.Functions.Tests.Certificates;
using Springest.Functions.Tests.Infrastructure;
using Springest.Functions.Tests.Webhooks;

namespace Springest.Functions.Tests.Privacy;

/// <summary>Whoever names nobody is told so, and has nothing removed.</summary>
public sealed class ForgetNobodyTests(ForgetNobodyTests.OneDesk one) : IClassFixture<ForgetNobodyTests.OneDesk>, IAsyncDisposable
{
    public async ValueTask DisposeAsync()
        => Assert.Equal(
            ["nl/nobody's.docx", "nl/nobody's.docx.rejection.json"],
            (await CertificateDesk.NamesAsync(one.Desk.Rejected)).Where(name => name.Contains("nobody", StringComparison.Ordinal)));

    [Theory]
    [InlineData("find", "{}")]
    [InlineData("find", "{\"email\":\"jo\"}")]
    [InlineData("find", "{\"name\":\"J\"}")]
    [InlineData("find", "{\"email\":\"jo@example.test\",\"name\":\"Jo Jansen\"}")]
    [InlineData("find", "{\"name\":\"   \"}")]
    [InlineData("find", "{\"name\":\" J\u200b \"}")]
    [InlineData("find", "{\"email\":\"\u200b@\u200b\"}")]
    [InlineData("find", "{\"email\":[\"jo@example.test\"]}")]
    [InlineData("find", "null")]
    [InlineData("find", "no json")]
    [InlineData("forget", "{\"name\":\"Jo Jansen\"}")]
    [InlineData("forget", "{\"email\":\"@\"}")]
    [InlineData("forget", "{\"records\":[]}")]
    [InlineData("forget", "{\"email\":\"LONG@example.test\"}")]
    [InlineData("forget", "{\"records\":[\"review\"]}")]
    [InlineData("forget", "{\"records\":[null]}")]
    [InlineData("forget", "{\"records\":[null,\"review\"]}")]
    [InlineData("forget", "{\"records\":[\"file:LONG\"]}")]
    [InlineData("forget", "{\"email\":\"jo@example.test\",\"records\":[\"review:nl/7\"]}")]
    public async Task A_body_that_names_nobody_is_refused_with_what_would_be_right(string path, string body)
    {
        var driver = new WebhookDriver(one.Desk.App);
        var before = await driver.RowsAsync(Erasures.Table);
        var content = body.Replace("LONG", new string('x', 2_000), StringComparison.Ordinal);

        var answer = await driver.SendAsync(
            HttpMethod.Post, $"manage/people/{path}", new StringContent(content, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("such as", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(before.Count, (await driver.RowsAsync(Erasures.Table)).Count);
        await one.Desk.App.FireAsync("RemoveOldData");
    }

    [Theory]
    [InlineData(26, 3)]
    [InlineData(25, 3_000)]
    public async Task More_records_than_can_be_written_down_are_refused(int count, int length)
    {
        var records = Enumerable.Range(1, count).Select(i => $"file:{i}/{new string('x', length)}");
        var answer = await ForgetTests.AskAsync(one.Desk, "forget", new { records });
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("At most 25 records", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("certificate:nl/0123")]
    [InlineData("certificate:xx/0123")]
    [InlineData("conversion:nl/7")]
    [InlineData("conversion:nl/x")]
    [InlineData("conversion:n\nl/7")]
    [InlineData("certificate:nl/a\nb")]
    [InlineData("entry:nl/a\nb")]
    [InlineData("review:nl/7")]
    [InlineData("file:elsewhere/nl/x.pdf")]
    [InlineData("nothing:nl/7")]
    public async Task A_record_that_is_not_there_is_nothing_to_remove(string record)
    {
        var answer = await ForgetTests.AskAsync(one.Desk, "forget", new { records = (string[])[record] });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Empty(answer.Json.GetProperty("removed").EnumerateObject());
    }

    /// <summary>One for all questions: none of them removes anything, also not the file that was refused.</summary>
    public sealed class OneDesk(AzuriteFixture azurite) : IAsyncLifetime
    {
        internal CertificateDesk Desk { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Desk = await CertificateDesk.OpenAsync(azurite);
            await Desk.DropAsync("nobody's.docx");
            await Desk.SweepAsync();
        }

        public ValueTask DisposeAsync() => Desk.DisposeAsync();
    }
}

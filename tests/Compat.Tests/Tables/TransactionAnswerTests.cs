using System.Text;
using Azure;
using Azure.Data.Tables;

namespace Compat.Tests.Tables;

/// <summary>Answers as the service itself sends them, which the emulator's do not quite resemble.</summary>
public sealed class TransactionAnswerTests
{
    private static readonly TableTransactionAction _action = new(TableTransactionActionType.Add, new TableEntity("p", "r"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_action_has_its_status_and_version()
    {
        var table = Answering(
            """
            HTTP/1.1 204 No Content
            X-Content-Type-Options: nosniff
            Cache-Control: no-cache
            Preference-Applied: return-no-content
            DataServiceVersion: 3.0;
            Location: https://acc.table.core.windows.net/courses(PartitionKey='p',RowKey='r')
            ETag: W/"datetime'2026-01-01T00%3A00%3A00.0000000Z'"


            """);

        var parts = (await table.SubmitTransactionAsync([_action], Cancel)).Value;

        Assert.Equal(204, Assert.Single(parts).Status);
        Assert.Equal(new ETag("W/\"datetime'2026-01-01T00%3A00%3A00.0000000Z'\""), parts[0].Headers.ETag);
    }

    [Theory]
    [InlineData(412, "UpdateConditionNotSatisfied", "0:The update condition was not satisfied.", 0)]
    [InlineData(400, "InvalidInput", "99:One of the request inputs is not valid.", 99)]
    [InlineData(500, "InternalError", "Nobody knows which: sorry.", null)]
    public async Task A_failure_names_the_action_if_the_service_does(int status, string code, string message, int? index)
    {
        var error = $$$$"""{"odata.error":{"code":"{{{{code}}}}","message":{"lang":"en-US","value":"{{{{message}}}}\nRequestId:1"}}}""";
        var table = Answering(
            $"""
            HTTP/1.1 {status} Whatever
            DataServiceVersion: 3.0;
            Content-Type: application/json;odata=minimalmetadata;streaming=true;charset=utf-8

            {error}
            """);

        var failed = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync([_action], Cancel));

        Assert.Equal((status, code, index), (failed.Status, failed.ErrorCode, failed.FailedTransactionActionIndex));
    }

    private static TableClient Answering(string part)
    {
        var body =
            $"""
            --batchresponse_1
            Content-Type: multipart/mixed; boundary=changesetresponse_2

            --changesetresponse_2
            Content-Type: application/http
            Content-Transfer-Encoding: binary

            {part}
            --changesetresponse_2--
            --batchresponse_1--

            """.ReplaceLineEndings("\r\n");
        var transport = new RecordingTransport(_ => new CannedResponse(202, ("Content-Type", "multipart/mixed; boundary=batchresponse_1"))
        {
            ContentStream = new MemoryStream(Encoding.UTF8.GetBytes(body)),
        });
        return new TableClient("AccountName=acc;AccountKey=a2V5", "courses", new TableClientOptions { Transport = transport });
    }
}

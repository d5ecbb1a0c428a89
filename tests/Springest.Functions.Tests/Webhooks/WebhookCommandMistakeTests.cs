using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Springest.Functions.Tests.Webhooks;

/// <summary><c>dotnet dev.cs webhook</c> where the order is wrong, or no app of ours answers.</summary>
public sealed class WebhookCommandMistakeTests : IDisposable
{
    private readonly WebhookCommand _command = new();

    public void Dispose() => _command.Dispose();

    [Theory]
    [InlineData("", "Give either a file or what the webhook is to name", "--to", "http://127.0.0.1:1")]
    [InlineData(
        "",
        "No app listens at http://127.0.0.1:1/. Start one by `dotnet dev.cs run`",
        "--to",
        "http://127.0.0.1:1",
        "--training",
        "7"
    )]
    [InlineData("", "--to is 'here' but must be an address", "--to", "here", "--training", "7")]
    [InlineData("", "--training is '7a' but must be a whole number from 1.", "--training", "7a")]
    [InlineData("", "--wait is '4000' but must be a whole number from 0 to 3600.", "--training", "7", "--wait", "4000")]
    [InlineData("", "A file is posted as it is: --destroy goes with", "update.json", "--destroy")]
    [InlineData("", "A file is posted as it is: --2014 goes with", "update.json", "--2014")]
    [InlineData("", "Give either --destroy or --import.", "--institute", "5", "--destroy", "--import")]
    [InlineData("", "'--update' is not known.", "--training", "7", "--update")]
    [InlineData("", "--training needs an id", "--training", "--destroy")]
    [InlineData("", "'--trainings' is not known.", "--trainings", "7")]
    [InlineData("", "--import is said of institutes, not of a training.", "--training", "7", "--import")]
    [InlineData("", "The file cannot be read. Could not find file", "nowhere.json")]
    [InlineData("[]", "settings.json cannot be read.", "--settings", "settings.json", "--training", "7")]
    [InlineData("{}", "settings.json must look like", "--settings", "settings.json", "--training", "7")]
    public async Task A_wrong_order_is_told_what_is_wrong(string settings, string expected, params string[] arguments)
    {
        _command.Write("settings.json", settings);

        var (exitCode, output, errors) = await _command.RunAsync(arguments);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith(expected, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        503,
        "application/problem+json",
        """{"detail":"The webhook cannot be stored at the moment."}""",
        "answered 503. The webhook cannot be stored at the moment. Springest would send it again after 7 s"
    )]
    [InlineData(500, "text/html", "<html>", "answered 500. The app's log says what is wrong.")]
    [InlineData(404, "text/html", "<html>", "answered 404. Check that this app listens there.")]
    public async Task An_app_that_is_not_well_or_is_another_is_told(int status, string contentType, string body, string expected)
    {
        await using var other = await OtherAsync(status, contentType, body);

        var (exitCode, _, errors) = await _command.RunAsync(["--training", "7", "--to", other.Urls.Single()]);

        Assert.Equal(1, exitCode);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_answers_no_json_is_no_app_of_ours()
    {
        await using var other = await OtherAsync((int)HttpStatusCode.OK, "text/html", "<html>");

        var (exitCode, _, errors) = await _command.RunAsync(["--training", "7", "--to", other.Urls.Single()]);

        Assert.Equal(1, exitCode);
        Assert.Contains("is not this app", errors, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> OtherAsync(int status, string contentType, string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var other = builder.Build();
        other.Urls.Add("http://127.0.0.1:0");
        other.Run(context =>
        {
            (context.Response.StatusCode, context.Response.ContentType, context.Response.Headers.RetryAfter) = (status, contentType, "7");
            return context.Response.WriteAsync(body);
        });
        await other.StartAsync(TestContext.Current.CancellationToken);
        return other;
    }
}

using System.Net;
using Springest.Tools;

namespace Springest.Infra.Tests.Deploy;

/// <summary>The subscription follows as soon as the deployed app answers.</summary>
public sealed class EventsCommandTests : IDisposable
{
    private readonly FakeAzure _azure = new();

    public void Dispose() => _azure.Dispose();

    [Fact]
    public async Task It_deploys_the_second_template_without_a_key_on_the_command_line()
    {
        using var app = Answering(HttpStatusCode.OK);

        var (exitCode, output) = await _azure.RunAsync(["events"]);

        Assert.Equal((0, ""), (exitCode, exitCode == 0 ? "" : output));
        Assert.Equal(
            "deployment group create --subscription sub --resource-group rg-test --name springest-events --template-file "
                + "infra/events.bicep "
                + "--parameters appName=func-test storageName=sttest topicName=evgt-test --only-show-errors --output none\n",
            _azure.Asked);
        Assert.Contains("api/console", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_Azure_CLI_it_says_where_to_get_it()
    {
        using var app = Answering(HttpStatusCode.OK);
        Assert.SkipWhen(await CommandLine.TryRunAsync("az", ["version"]) is not null, "This machine has the Azure CLI.");
        _azure.Remove();

        var (exitCode, output) = await _azure.RunAsync(["events"]);

        Assert.Equal(1, exitCode);
        Assert.Contains(
            "`az` is not on the PATH. Get it from https://learn.microsoft.com/cli/azure/install-azure-cli",
            output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_azd_does_not_know_yet_is_named()
    {
        _azure.Environment["SPRINGEST_APP_URL"] = "";

        var (exitCode, output) = await _azure.RunAsync(["events"]);

        Assert.Equal(1, exitCode);
        Assert.Contains(
            "The environment of azd has no SPRINGEST_APP_URL. It is there after `azd provision`.",
            output,
            StringComparison.Ordinal);
    }

    private HttpListener Answering(HttpStatusCode status)
    {
        var listener = new HttpListener();
        int port;
        using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        _azure.Environment["SPRINGEST_APP_URL"] = $"http://127.0.0.1:{port}";
        _ = AnswerAsync();
        return listener;

        async Task AnswerAsync()
        {
            while (listener.IsListening)
            {
                var context = await listener.GetContextAsync();
                context.Response.StatusCode = context.Request.RawUrl == "/api/health" ? (int)status : 404;
                context.Response.Close();
            }
        }
    }
}

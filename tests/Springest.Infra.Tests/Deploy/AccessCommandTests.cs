using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Springest.Functions.Access;
using Springest.Tools;
using Springest.Tools.Deploy;

namespace Springest.Infra.Tests.Deploy;

/// <summary>`access` shows a key once, and keeps its hash.</summary>
public sealed class AccessCommandTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly StringWriter _output = new();
    private readonly StringWriter _words = new();

    public AccessCommandTests()
        => File.WriteAllText(_file, """
            {
              "IsEncrypted": false,
              "Values": {
                "AzureWebJobsStorage": "UseDevelopmentStorage=true",
                "Springest__Sites__nl__Host": "https://api.springest.nl/?a=1&b='<é>'",
              }
            }
            """);

    public void Dispose()
    {
        _output.Dispose();
        _words.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public async Task Key_that_is_added_opens_and_is_not_in_the_file()
    {
        Assert.Equal(0, await RunAsync("add", "anna", "--role", "operator"));

        var value = _output.ToString().Trim();
        Assert.True(value.Length > 40);
        Assert.DoesNotContain(value, _words.ToString(), StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(_file, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(value, text, StringComparison.Ordinal);
        // The rest is as it was.
        Assert.Contains("https://api.springest.nl/?a=1&b='<é>'", text, StringComparison.Ordinal);
        Assert.True(AccessKey.TryParse(AppSettings.Read(_file)["Springest:Access:Keys"]!, out var keys, out _));
        Assert.Equal(("anna", AccessRole.Operator), (keys[0].Name, keys[0].Role));
        Assert.Same(keys[0], AccessKeys.Find(keys, value));
        Assert.Null(AccessKeys.Find(keys, value + "x"));
    }

    [Fact]
    public async Task Keys_are_listed_and_removed_by_name()
    {
        await RunAsync("add", "anna", "--role", "operator");
        await RunAsync("add", "power-bi", "--role", "Reader");
        _output.GetStringBuilder().Clear();

        await RunAsync("list");
        await RunAsync("remove", "anna");
        await RunAsync("list");

        Assert.Equal("anna  operator\npower-bi  reader\npower-bi  reader\n", _output.ToString().ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("'Anna' cannot be the name of a key", "add", "Anna", "--role", "viewer")]
    [InlineData("cannot be the name of a key", "add", "anna@example.org", "--role", "viewer")]
    [InlineData("'boss' is not a role. There are: reader, viewer, operator.", "add", "anna", "--role", "boss")]
    [InlineData("'3' is not a role.", "add", "anna", "--role", "3")]
    [InlineData("There is no key 'bert'.", "remove", "bert")]
    [InlineData("access add NAME", "add", "anna")]
    [InlineData("access add NAME")]
    public async Task What_is_wrong_is_told_and_nothing_changes(string sentence, params string[] arguments)
    {
        var before = await File.ReadAllTextAsync(_file, TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<UserErrorException>(() => RunAsync(arguments));

        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(_file, TestContext.Current.CancellationToken));
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task Name_that_is_taken_is_refused()
    {
        await RunAsync("add", "anna", "--role", "viewer");

        var error = await Assert.ThrowsAsync<UserErrorException>(() => RunAsync("add", "anna", "--role", "operator"));

        Assert.Contains("There is a key 'anna' already.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_with_comments_stays_as_it_is_and_no_key_is_told_of()
    {
        const string text = """{ "Values": { "Springest__Access__Keys": "" } } // as people write""";
        await File.WriteAllTextAsync(_file, text, TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<UserErrorException>(() => RunAsync("add", "anna", "--role", "operator"));

        Assert.Equal($"{_file} has comments, which would be lost, so nothing is changed. Remove them, and try again.", error.Message);
        Assert.Equal(text, await File.ReadAllTextAsync(_file, TestContext.Current.CancellationToken));
        Assert.Empty(_output.ToString() + _words);
    }

    [Theory]
    [InlineData("ForbiddenByRbac", "You may not read and write secrets of vault.test. Whoever gives access needs the role Key Vault")]
    [InlineData("ForbiddenByConnection", "The key vault vault.test cannot be used. Public network access is disabled.\nIn a private")]
    public async Task Refusal_of_the_vault_is_told_by_its_reason(string code, string expected)
    {
        var answer = JsonSerializer.Serialize(new
        {
            error = new { code = "Forbidden", message = "Public network access is disabled.\r\nCaller: x", innererror = new { code } },
        });
        using var http = new HttpClient(new RefusingHandler(answer));

        var error = await Assert.ThrowsAsync<UserErrorException>(() => ListAsync(new("https://vault.test"), new HttpClientTransport(http)));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vault_that_is_not_reached_is_told()
    {
        using var http = new HttpClient();

        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => ListAsync(new("https://127.0.0.1:1"), new HttpClientTransport(http)));

        Assert.StartsWith("The key vault 127.0.0.1 cannot be used. Connection refused", error.Message, StringComparison.Ordinal);
        Assert.Contains("In a private network", error.Message, StringComparison.Ordinal);
    }

    // No token is asked for before the vault says of whom.
    private Task<int> ListAsync(Uri vault, HttpClientTransport transport)
    {
        var options = new SecretClientOptions { Transport = transport, Retry = { Delay = TimeSpan.FromMilliseconds(1) } };
        var client = new SecretClient(vault, new AzureCliCredential(), options);
        return new AccessCommand(new VaultKeyFile(client), _output, _words).RunAsync(["list"]);
    }

    private Task<int> RunAsync(params string[] arguments)
        => new AccessCommand(new SettingsKeyFile(_file), _output, _words).RunAsync(arguments);

    /// <summary>A vault that answers 403.</summary>
    private sealed class RefusingHandler(string answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            => Task.FromResult(new HttpResponseMessage(HttpStatusCode.Forbidden)
            {
                Content = new StringContent(answer, Encoding.UTF8, "application/json"),
            });
    }
}

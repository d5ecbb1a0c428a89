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

    private Task<int> RunAsync(params string[] arguments)
        => new AccessCommand(new SettingsKeyFile(_file), _output, _words).RunAsync(arguments);
}

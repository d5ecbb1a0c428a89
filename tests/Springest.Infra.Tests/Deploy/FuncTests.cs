using Springest.Tools;

namespace Springest.Infra.Tests.Deploy;

/// <summary>`run --func` says what it needs.</summary>
public sealed class FuncTests : IDisposable
{
    private readonly FakeAzure _tools = new();
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose()
    {
        _tools.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Without_the_core_tools_it_says_where_to_get_them_and_what_there_is_instead()
    {
        Assert.SkipWhen(await CommandLine.TryRunAsync("func", ["--version"]) is not null, "This machine has the core tools.");

        var (exitCode, output) = await _tools.RunAsync(["run", "--func"], directory: _folder);

        Assert.Equal(1, exitCode);
        Assert.StartsWith(
            "Azure Functions Core Tools 4 are needed for this, and `func` is not on the PATH.",
            output,
            StringComparison.Ordinal);
        Assert.Contains("`dotnet dev.cs run`", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3.0.5682", "Azure Functions Core Tools 4 are needed for this; `func` is 3.0.5682.")]
    [InlineData(
        "4.0.7030",
        "local.settings.json is not there. Copy local.settings.sample.json to local.settings.json and fill in your site's key.")]
    public async Task What_it_lacks_is_told(string version, string sentence)
    {
        _tools.Write("func", $"#!/bin/sh\necho {version}");

        var (exitCode, output) = await _tools.RunAsync(["run", "--func"], directory: _folder);

        Assert.Equal((1, sentence + "\n"), (exitCode, output));
    }
}

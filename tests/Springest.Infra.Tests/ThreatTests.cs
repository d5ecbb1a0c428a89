using System.Text.RegularExpressions;
using Springest.Testing;

namespace Springest.Infra.Tests;

/// <summary>Each threat in docs/security.md names the tests that show its guard, and there are such tests.</summary>
public sealed partial class ThreatTests
{
    private const string Page = "docs/security.md";

    private static readonly string[] Keys =
    [
        "access key, `reader`", "access key, `viewer`", "access key, `operator`", "function key of a webhook", "host's key `default`",
        "host's master key", "system key of the blob extension", "Springest's API keys", "ledger's key", "identity of the deployment",
        "identity of the app",
    ];

    [Fact]
    public void Every_threat_and_every_key_has_a_test_that_shows_its_guard()
    {
        var page = Repository.Read(Page);
        var rows = Row().Matches(page, page.IndexOf("## Threats", StringComparison.Ordinal)).ToList();

        Assert.Equal(
            Enumerable.Range(1, 10).Select(number => $"API{number}").Concat(Keys), rows.Select(row => row.Groups["threat"].Value));
        Assert.All(rows, row => Assert.InRange(Test().Count(row.Groups["rest"].Value), 1, 12));
    }

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var sources = Directory.GetFiles(Repository.PathOf("tests"), "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);
        var named = Test().Matches(Repository.Read(Page))
            .Select(test => (Class: test.Groups["class"].Value, Method: test.Groups["test"].Value));

        Assert.NotEmpty(named);
        Assert.All(named.Distinct(), test => Assert.True(
            sources[test.Class].Any(source => IsTest(source, test.Method)),
            $"{Page} names {test.Class}.{test.Method}, which is no test."));
    }

    // With its attributes, which no blank line parts from it.
    private static bool IsTest(string source, string method)
        => source.ReplaceLineEndings("\n").Split("\n\n").Any(
            part => Regex.IsMatch(part, $@"\bpublic (async )?(Task|void|ValueTask) {method}\(")
                && (part.Contains("[Fact", StringComparison.Ordinal) || part.Contains("[Theory", StringComparison.Ordinal)));

    [GeneratedRegex(@"^\| \*\*(?<threat>[^*]+)\*\*(?<rest>.*)$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?<class>[A-Z]\w+Tests)\.(?<test>\w+)`")]
    private static partial Regex Test();
}

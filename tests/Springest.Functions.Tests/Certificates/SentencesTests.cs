using System.Reflection;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates;
using Springest.Functions.Certificates.Reports;
using Springest.Testing;

namespace Springest.Functions.Tests.Certificates;

public sealed class SentencesTests
{
    private static readonly List<string> _codes =
    [
        .. typeof(Reason).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!),
    ];

    /// <summary>No reason may come up for the first time without words.</summary>
    [Fact]
    public void Every_reason_has_a_sentence_of_its_own_in_every_language()
    {
        object?[] values = ["<0>", "<1>", "<2>", "<3>"];

        var all = new List<string>();
        foreach (var code in _codes)
        {
            var sentences = ((string[])["en", "nl", "de"])
                .Select(language => new Sentences(Options.Create(new CertificatesOptions { Language = language })).Say(code, values))
                .ToList();
            // The same things are said in each.
            Assert.Single(
                sentences
                    .Select(sentence => string.Concat(values.Where(value => sentence.Contains((string)value!, StringComparison.Ordinal))))
                    .Distinct());
            all.AddRange(sentences);
        }

        Assert.Equal(_codes.Count * 3, all.Distinct().Count());
    }

    [Fact]
    public async Task Every_reason_is_in_the_documentation_and_no_other()
    {
        var page = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "certificates.md"),
            TestContext.Current.CancellationToken);
        var table = page.Split("\n## ")
            .Single(section => section.StartsWith("What is checked", StringComparison.Ordinal))
            .Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|')[1]);

        Assert.Equal(_codes.Order(), table.SelectMany(codes => codes.Split(',')).Select(code => code.Trim(' ', '`')).Order());
    }
}

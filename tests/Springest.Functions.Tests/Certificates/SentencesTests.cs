using System.Reflection;
using Microsoft.Extensions.Options;
using Springest.Functions.Certificates;

namespace Springest.Functions.Tests.Certificates;

public sealed class SentencesTests
{
    /// <summary>No reason may come up for the first time without words.</summary>
    [Fact]
    public void Every_reason_has_a_sentence_of_its_own_in_every_language()
    {
        var codes = typeof(Reason).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!).ToList();
        object?[] values = ["<0>", "<1>", "<2>", "<3>"];

        var all = new List<string>();
        foreach (var code in codes)
        {
            var sentences = ((string[])["en", "nl", "de"])
                .Select(language => new Sentences(Options.Create(new CertificatesOptions { Language = language })).Say(code, values)).ToList();
            // The same things are said in each.
            Assert.Single(sentences.Select(sentence => string.Concat(values.Where(value => sentence.Contains((string)value!, StringComparison.Ordinal)))).Distinct());
            all.AddRange(sentences);
        }

        Assert.Equal(codes.Count * 3, all.Distinct().Count());
    }
}

using System.Text.RegularExpressions;
using Springest.Testing;

namespace Springest.Infra.Tests;

/// <summary>Code and documents cite the description of the Springest API by sections that it has.</summary>
public sealed partial class CitationTests
{
    private const string Page = "docs/springest-api.md";

    private static readonly string[] Extensions =
    [
        ".cs",
        ".md",
        ".bicep",
        ".bicepparam",
        ".json",
        ".yml",
        ".yaml",
        ".html",
        ".js",
        ".css",
        ".csproj",
        ".props",
    ];
    private static readonly string[] NotOurs = ["artifacts", "node_modules"];

    [Fact]
    public void Cited_sections_exist()
    {
        var sections = Heading().Matches(Repository.Read(Page)).Select(heading => heading.Groups["section"].Value).ToHashSet();

        var citations = Texts().SelectMany(text => Citation().Matches(text.Content)
            .SelectMany(citation => citation.Groups["section"].Captures)
            .Select(section => (text.File, Section: section.Value))).ToArray();

        Assert.NotEmpty(citations);
        Assert.All(citations, citation => Assert.True(
            sections.Contains(citation.Section), $"{citation.File} cites section {citation.Section} of {Page}, which is not there."));
    }

    [Fact]
    public void Sections_are_cited_with_their_page()
        => Assert.All(
            Texts().Where(text => text.File.EndsWith(".cs", StringComparison.Ordinal)),
            text => Assert.False(Bare().IsMatch(text.Content), $"{text.File} says \"{Bare().Match(text.Content)}\" and not of which page.")
        );

    /// <summary>Every text file but the page itself, comments as if they were not wrapped.</summary>
    private static IEnumerable<(string File, string Content)> Texts()
        => Files(new DirectoryInfo(Repository.Root))
            .Select(file => Path.GetRelativePath(Repository.Root, file.FullName).Replace('\\', '/'))
            .Where(file => file != Page)
            .Select(file => (file, Break().Replace(Repository.Read(file), " ")));

    private static IEnumerable<FileInfo> Files(DirectoryInfo folder)
        => folder.EnumerateFiles().Where(file => Extensions.Contains(file.Extension))
            .Concat(folder.EnumerateDirectories().Where(IsOurs).SelectMany(Files));

    private static bool IsOurs(DirectoryInfo folder)
        => (folder.Name[0] != '.' || folder.Name == ".github") && !NotOurs.Contains(folder.Name);

    [GeneratedRegex(@"^#{2,} (?<section>\d+(\.\d+)?)\.? ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"docs/springest-api\.md, sections? (?<section>\d+(\.\d+)?)((, and|,| and| to) (?<section>\d+(\.\d+)?))*")]
    private static partial Regex Citation();

    // A page stands before the number, and a comma between: docs/springest-api.md, section 4.
    [GeneratedRegex(@"(?<!, )\b[Ss]ections? \d+(\.\d+)?")]
    private static partial Regex Bare();

    [GeneratedRegex(@"\s*\n\s*(//+ )?")]
    private static partial Regex Break();
}

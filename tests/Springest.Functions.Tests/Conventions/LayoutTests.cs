using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Springest.Testing;

namespace Springest.Functions.Tests.Conventions;

/// <summary>The folders of the app, which are its namespaces.</summary>
public sealed class LayoutTests
{
    private const int MostFiles = 15;
    private const int MostColumns = 140;

    private static readonly Architecture App = new ArchLoader().LoadAssembly(typeof(SpringestFunctions).Assembly).Build();

    public static TheoryData<string> Parents =>
        [
            .. App
                .Types.Select(type => type.Namespace?.FullName ?? "")
                .Where(name => name.StartsWith("Springest.Functions.", StringComparison.Ordinal))
                .Select(name => string.Join('.', name.Split('.')[..^1]))
                .Distinct(),
        ];

    [Theory]
    [MemberData(nameof(Parents))]
    public void Folders_side_by_side_do_not_depend_on_each_other_in_a_circle(string parent)
    {
        // A parameter of a generic type counts as being where it was met first, which says nothing.
        var edges = App.Types.SelectMany(type => type.Dependencies)
            .Where(dependency => dependency.Target is not GenericParameter)
            .Select(dependency => (
                From: FolderOf(dependency.Origin, parent), To: FolderOf(dependency.Target, parent),
                Example: $"{dependency.Origin.Name} uses {dependency.Target.Name}"))
            .Where(edge => edge is { From: not null, To: not null } && edge.From != edge.To)
            .DistinctBy(edge => (edge.From, edge.To)).ToList();
        Assert.NotEmpty(App.Types.Select(type => FolderOf(type, parent)).OfType<string>());

        // What depends on nothing that is left is in no circle.
        while (edges.RemoveAll(edge => edges.TrueForAll(other => other.From != edge.To)) > 0)
        {
        }

        Assert.True(edges is [], $"In {parent}: {string.Join(", ", edges.Select(edge => $"{edge.From} -> {edge.To} ({edge.Example})"))}");
    }

    [Fact]
    public void A_folder_has_few_files()
        => Assert.All(
            Directory.GetDirectories(Repository.PathOf("src"), "*", SearchOption.AllDirectories),
            folder => Assert.True(Directory.GetFiles(folder, "*.cs").Length <= MostFiles, $"{folder} has more than {MostFiles} files."));

    [Fact]
    public void A_line_has_at_most_140_columns()
    {
        var wide = from folder in new[] { "src", "tools", "bench", "tests" }
                   from file in Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
                   from line in File.ReadLines(file).Index()
                   where line.Item.Length > MostColumns
                   select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1}";

        Assert.Empty(wide);
    }

    /// <summary>Name of the folder below the parent that a type is in; null if it is in none.</summary>
    private static string? FolderOf(IType type, string parent)
        => type.Namespace?.FullName is { } name && name.StartsWith($"{parent}.", StringComparison.Ordinal)
            ? name[(parent.Length + 1)..].Split('.')[0]
            : null;
}

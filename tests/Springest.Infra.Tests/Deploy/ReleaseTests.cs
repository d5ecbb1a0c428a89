using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Springest.Testing;
using Springest.Tools.Deploy;
using YamlDotNet.RepresentationModel;

namespace Springest.Infra.Tests.Deploy;

/// <summary>A release in a dry run: the zip of what was built, its bill of materials, and what is attested and published.</summary>
public sealed partial class ReleaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_bill_has_every_file_of_the_zip_with_its_hash_and_the_package_that_it_is_from()
    {
        var zip = Path.Combine(_folder, "springest-functions.zip");
        PackageZip.Create(Repository.Published("Springest.Functions"), zip);
        var files = PackageZip.Read(zip);

        Assert.Empty(new PackageCheck(files, PackageCheck.FunctionsOfTheApp(), []).Run());
        var text = BillOfMaterials.Make(zip);
        var bill = JsonNode.Parse(text)!;

        Assert.Equal(text, BillOfMaterials.Make(zip));
        Assert.Equal(HashOf(File.ReadAllBytes(zip)), Hash(bill["metadata"]!["component"]!, "SHA-256"));
        var components = bill["components"]!.AsArray().Select(component => component!).ToList();
        var libraries = components.Where(component => component["type"]!.GetValue<string>() == "library").ToList();
        var listed = libraries.SelectMany(library => library["components"]!.AsArray().Select(file => file!))
            .Concat(components.Where(component => component["type"]!.GetValue<string>() == "file"))
            .ToDictionary(file => file["name"]!.GetValue<string>(), file => Hash(file, "SHA-256"));
        Assert.Equal(
            files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => (file.Key, HashOf(file.Value))),
            listed.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => (file.Key, file.Value)));
        // Of assemblies only one is from no package that is restored: it comes with the worker SDK.
        Assert.Equal(
            [".azurefunctions/Microsoft.Azure.WebJobs.Extensions.FunctionMetadataLoader.dll"],
            components.Where(component => component["type"]!.GetValue<string>() == "file").Select(file => file["name"]!.GetValue<string>())
                .Where(name => name.EndsWith(".dll", StringComparison.Ordinal)));
        // What the host loads, beside another version of the same for the app.
        var blobs = libraries.Where(library => library["name"]!.GetValue<string>() == "Azure.Storage.Blobs").ToList();
        Assert.Equal(2, blobs.Count);
        Assert.All(blobs, library => Assert.StartsWith(
            "pkg:nuget/Azure.Storage.Blobs@", library["purl"]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.All(blobs, library => Assert.Equal(128, Hash(library, "SHA-512").Length));
    }

    [Fact]
    public void What_is_built_is_attested_kept_and_published()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Repository.Read(".github/workflows/release.yml")));
        var jobs = (YamlMappingNode)yaml.Documents[0].RootNode["jobs"];
        var steps = Steps(jobs["package"]);
        string[] made = [PublishCommand.Package, PublishCommand.Bill];

        Assert.Equal(
            ["dotnet dev.cs test", "dotnet dev.cs publish"],
            steps.Where(step => step.Children.ContainsKey("run")).Select(step => step["run"].ToString()));
        Assert.Equal(made, Lines(Step(steps, "actions/attest-build-provenance")["with"]["subject-path"]));
        Assert.Equal(made, Lines(Step(steps, "actions/upload-artifact")["with"]["path"]));
        Assert.Equal("error", Step(steps, "actions/upload-artifact")["with"]["if-no-files-found"].ToString());
        var publish = Steps(jobs["publish"]).Single(step => step.Children.ContainsKey("run"))["run"].ToString();
        Assert.Equal(made.Select(Path.GetFileName), Released().Match(publish).Groups["file"].Captures.Select(file => file.Value));
        Assert.Equal("package", jobs["publish"]["needs"].ToString());
    }

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static string Hash(JsonNode component, string algorithm)
        => Assert.Single(component["hashes"]!.AsArray(), hash => hash!["alg"]!.GetValue<string>() == algorithm)!["content"]!
            .GetValue<string>();

    private static List<YamlMappingNode> Steps(YamlNode job) => [.. ((YamlSequenceNode)job["steps"]).Cast<YamlMappingNode>()];

    private static YamlMappingNode Step(List<YamlMappingNode> steps, string action)
        => steps.Single(step => step.Children.TryGetValue("uses", out var uses)
            && uses.ToString().StartsWith($"{action}@", StringComparison.Ordinal));

    private static string[] Lines(YamlNode node) => node.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("""gh release create "\$TAG"( (?<file>springest-[a-z.-]+))+ """)]
    private static partial Regex Released();
}

using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Azure.Core;
using Springest.Tools.Deploy;
using Springest.Functions;

namespace Springest.Infra.Tests.Deploy;

/// <summary>A package leaves only if Azure would run it and it holds nothing that must stay at home.</summary>
public sealed class PackageTests
{
    private const string Secret = "canary-api-key-of-nl";

    private static readonly byte[] Library = File.ReadAllBytes(typeof(TokenCredential).Assembly.Location);
    private static readonly byte[] App = File.ReadAllBytes(typeof(SpringestFunctions).Assembly.Location);

    private readonly Dictionary<string, byte[]> _files = new()
    {
        ["host.json"] = Text("""{ "version": "2.0" }"""),
        ["worker.config.json"] = Text(
            """{ "description": { "language": "dotnet-isolated", "defaultWorkerPath": "Springest.Functions.dll" } }"""),
        ["functions.metadata"] = Metadata(PackageCheck.FunctionsOfTheApp()),
        ["extensions.json"] = Text("""{ "extensions": [] }"""),
        [".azurefunctions/function.dll"] = Library,
        ["Azure.Data.Tables.dll"] = Library,
        ["Microsoft.Azure.Functions.Worker.dll"] = Library,
        ["Springest.Functions.dll"] = App,
    };

    [Fact]
    public void A_package_with_all_that_it_needs_leaves() => Assert.Empty(Check());

    [Theory]
    [InlineData("host.json", "host.json is missing, or no JSON.")]
    [InlineData("worker.config.json", "worker.config.json is missing, or has no description of the worker.")]
    [InlineData("functions.metadata", "functions.metadata is missing, or no list.")]
    [InlineData("extensions.json", "The host's extensions are missing: extensions.json and the folder .azurefunctions.")]
    [InlineData(".azurefunctions/function.dll", "The host's extensions are missing: extensions.json and the folder .azurefunctions.")]
    [InlineData("Azure.Data.Tables.dll", "Azure.Data.Tables.dll is missing.")]
    [InlineData("Microsoft.Azure.Functions.Worker.dll", "Microsoft.Azure.Functions.Worker.dll is missing.")]
    public void Whatever_is_missing_is_named(string file, string sentence)
    {
        _files.Remove(file);

        Assert.Contains(sentence, Check());
    }

    [Fact]
    public void The_program_that_the_worker_starts_must_be_there()
    {
        _files.Remove("Springest.Functions.dll");

        Assert.Equal(
            [
                "worker.config.json starts Springest.Functions.dll, which is not in the package.",
                "functions.metadata names Springest.Functions.dll, which is not in the package.",
            ],
            Check());
    }

    [Fact]
    public void Functions_are_those_of_the_code()
    {
        _files["functions.metadata"] = Metadata([
            .. PackageCheck.FunctionsOfTheApp().Where(name => name != "SubmitCertificate"),
            "Stranger",
        ]);

        Assert.Equal(
            [
                "functions.metadata lacks the function SubmitCertificate.",
                "functions.metadata has the function Stranger, which the code does not have.",
            ],
            Check());
    }

    [Theory]
    [InlineData("local.settings.json")]
    [InlineData("settings/local.settings.nl.json")]
    [InlineData(".env")]
    [InlineData("certificate.pfx")]
    [InlineData("Springest.LocalHost.dll")]
    public void What_belongs_to_a_developer_stays_at_home(string file)
    {
        _files[file] = App;

        Assert.Equal([$"{file} must not be in the package."], Check());
    }

    [Fact]
    public void A_key_of_the_local_settings_is_found_in_any_file()
    {
        _files["notes.txt"] = Text($"The key is {Secret}.");
        _files["Other.dll"] = [.. Library, .. Encoding.Unicode.GetBytes(Secret)];

        Assert.Equal(["notes.txt holds a key of local.settings.json.", "Other.dll holds a key of local.settings.json."], Check());
    }

    [Fact]
    public void A_connection_string_with_its_key_is_found()
    {
        _files["appsettings.json"] = Text($$"""{ "Storage": "AccountName=a;AccountKey={{Convert.ToBase64String(new byte[64])}};" }""");

        Assert.Equal(["appsettings.json holds what looks like a connection string with its key."], Check());
    }

    [Fact]
    public void The_same_content_makes_the_same_file_with_what_begins_with_a_dot()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            foreach (var (path, content) in _files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, "app", path))!);
                File.WriteAllBytes(Path.Combine(folder, "app", path), content);
            }

            PackageZip.Create(Path.Combine(folder, "app"), Path.Combine(folder, "one.zip"));
            File.SetLastWriteTimeUtc(Path.Combine(folder, "app", "host.json"), new DateTime(2001, 2, 3, 0, 0, 0, DateTimeKind.Utc));
            PackageZip.Create(Path.Combine(folder, "app"), Path.Combine(folder, "two.zip"));

            Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "one.zip")), File.ReadAllBytes(Path.Combine(folder, "two.zip")));
            Assert.Equal(
                _files.Keys.Order(StringComparer.Ordinal),
                PackageZip.Read(Path.Combine(folder, "one.zip")).Keys.Order(StringComparer.Ordinal));
            using var zip = ZipFile.OpenRead(Path.Combine(folder, "one.zip"));
            Assert.DoesNotContain(zip.Entries, entry => entry.FullName.Contains('\\'));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private IReadOnlyList<string> Check() => new PackageCheck(_files, PackageCheck.FunctionsOfTheApp(), [Secret]).Run();

    private static byte[] Metadata(IEnumerable<string> functions)
        => JsonSerializer.SerializeToUtf8Bytes(functions.Select(name => new { name, scriptFile = "Springest.Functions.dll" }));

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}

using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Springest.Simulator;

namespace Springest.Client.Tests;

/// <summary>Each example of docs/client.md is compiled and run as a console program of its own. They write to the process's
/// output.</summary>
[Collection(nameof(Alone))]
public sealed partial class DocumentationTests
{
    private const string Usings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    private const string ProgramUsings = """
        using System.Net; using System.Threading.RateLimiting;
        using Microsoft.Extensions.Configuration; using Microsoft.Extensions.DependencyInjection;
        using NSubstitute; using Springest.Client; using Springest.Simulator;
        """;

    /// <summary>What an example may use without saying where it comes from. The arguments are in <see cref="ArgumentsAsync"/>.</summary>
    private static readonly Dictionary<string, string> s_given = new()
    {
        ["client"] =
            "var client = new SpringestClient(args[0], \"nl\", site => (site.Host, site.CertificationsApiKey) = (new Uri(args[2]), "
                + "args[1]));",
        ["key"] = "var key = args[0];",
        ["services"] = "var services = new ServiceCollection().AddLogging();",
        ["configuration"] =
            "var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(\"Springest:Sites:nl:ApiKey\", args[0])]).Build();",
        ["cancellationToken"] = "var cancellationToken = CancellationToken.None;",
        ["training"] = "var training = long.Parse(args[3]);",
        ["institute"] = "var institute = long.Parse(args[4]);",
        ["subject"] = "var subject = long.Parse(args[5]);",
        ["certification"] = "var certification = long.Parse(args[6]);",
        ["start"] = "var start = long.Parse(args[7]);",
        ["id"] = "long? id = long.Parse(args[8]);",
        ["path"] = "var path = args[9];",
        ["upload"] = "var upload = new CertificateUpload { CertificationId = long.Parse(args[6]), Email = \"onbekend@example.test\", "
            + "ValidFrom = new DateOnly(2027, 1, 15), FileName = \"a.pdf\", Content = File.OpenRead(args[9]) };",
        ["body"] =
            "var body = \"{\\\"changes\\\":[{\\\"action\\\":\\\"update\\\",\\\"object\\\":\\\"training\\\",\\\"id\\\":1}]}\"u8.ToArray();",
    };

    private static readonly Lazy<IReadOnlyList<MetadataReference>> s_references = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(file => MetadataReference.CreateFromFile(file))]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int, string> Examples => [.. Blocks().Select((code, index) => (index, code.Split('\n')[0]))];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Example_is_a_program_that_runs(int index, string firstLine)
    {
        var code = Blocks()[index];
        Assert.StartsWith(firstLine, code, StringComparison.Ordinal);
        var main = Compile(code);
        await using var api = await Api.StartAsync(new SimulatorOptions { Trainings = 60, Subjects = 30, Certifications = 5 });
        var folder = Directory.CreateTempSubdirectory();
        var (output, console) = (new StringWriter(CultureInfo.InvariantCulture), Console.Out);
        Console.SetOut(output);
        try
        {
            await RunAsync(main, await ArgumentsAsync(api, folder));
        }
        finally
        {
            Console.SetOut(console);
            folder.Delete(recursive: true);
        }
        if (code.Contains("Console.WriteLine", StringComparison.Ordinal) && !code.Contains("if (", StringComparison.Ordinal)
            && !code.Contains("=>\n", StringComparison.Ordinal))
            Assert.NotEmpty(output.ToString());
    }

    [Fact]
    public void Page_has_examples() => Assert.InRange(Blocks().Count, 25, 60);

    private static Task RunAsync(MethodInfo main, string[] arguments) => Task.Run(
        () =>
        {
            try
            {
                main.Invoke(null, [arguments]);
            }
            catch (TargetInvocationException e)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerException!);
            }
        },
        Cancellation);

    private static async Task<string[]> ArgumentsAsync(Api api, DirectoryInfo folder)
    {
        var client = api.Client;
        var training = await client.ListTrainings(new() { Full = true })
            .FirstAsync(one => one.BookingUrl is not null && one.StartingDateplaces.Count > 0, Cancellation);
        var certification = await client.ListCertifications().FirstAsync(Cancellation);
        var booking = await client.CreateBookingAsync(
            training.Id, Uploads.Booking with { StartingDateplaceId = training.StartingDateplaces[0].Id }, Cancellation);
        var path = Path.Combine(folder.FullName, "diploma.pdf");
        await File.WriteAllTextAsync(path, "%PDF-1.4 %%EOF", Cancellation);
        return
        [
            Api.Key, Api.CertificationsKey, api.Simulator.Address.ToString(), $"{training.Id}", $"{training.InstituteId}",
                $"{training.Subjects[0].Id}",
            $"{certification.Id}", $"{training.StartingDateplaces[0].Id}", $"{booking}", path,
        ];
    }

    private static MethodInfo Compile(string code)
    {
        var given = s_given.Where(name => Regex.IsMatch(code, $@"(?<![\w.\""]){name.Key}\b(?! =)")
            && !Regex.IsMatch(code, $@"\b(?:var|out var) {name.Key}\b"))
            .Select(name => name.Value);
        var program = $"{ProgramUsings}\n{string.Join('\n', given)}\n{code}";
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
        var compilation = CSharpCompilation.Create(
            $"Example{Guid.NewGuid():N}", [CSharpSyntaxTree.ParseText(Usings, options), CSharpSyntaxTree.ParseText(program, options)],
                s_references.Value,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        var errors = result.Diagnostics.Where(one => one.Severity >= DiagnosticSeverity.Warning).ToList();
        Assert.True(errors.Count == 0, $"{string.Join('\n', errors)}\n{program}");
        return Assembly.Load(assembly.ToArray()).EntryPoint!;
    }

    private static List<string> Blocks([CallerFilePath] string source = "")
        => [.. Block().Matches(File.ReadAllText(Path.Combine(Path.GetDirectoryName(source)!, "../../docs/client.md")))
            .Select(match => match.Groups["code"].Value)];

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}

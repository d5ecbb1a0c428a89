#:property PublishAot=false

// Everything that a developer does with this project, on every system: `dotnet dev.cs COMMAND`.
// Needs the .NET 10 SDK and Node.js 20; installs nothing outside the checkout.

using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Xml.Linq;

const string Usage = """
    dotnet dev.cs demo [--once] [--trainings N] [--data DIR]   the whole app at work on this machine, against a simulator
    dotnet dev.cs test [PROJECT...]                            every test, or those of the named projects
    dotnet dev.cs run [--settings FILE]                        the app against a real Springest host, with local.settings.json
    dotnet dev.cs run --func                                   the same under Azure Functions Core Tools
    dotnet dev.cs webhook FILE | --training ID ...             sends a webhook to a running app and shows what the app does with it
    dotnet dev.cs bench [AREA...] [--json FILE]                the benchmarks, as a table and as JSON
    dotnet dev.cs publish                                      the package for Azure, built and checked; `azd up` calls it
    dotnet dev.cs keys [NAME]                                  stores Springest's API keys in the key vault
    dotnet dev.cs access add NAME --role ROLE | list | remove   manages access keys
    dotnet dev.cs events                                       subscribes the deployed app to the upload container
    dotnet dev.cs check --site nl [--settings FILE]            compares a real site with docs/springest-api.md; reads only
    dotnet dev.cs smoke --to URL                               checks a deployed app, and uploads a test file that must be rejected
    """;

try
{
    // The files that a command names are where the person is.
    var folder = Directory.GetCurrentDirectory();
    for (var i = 1; i < args.Length; i++)
    {
        if (args[i - 1] is "--settings" or "--data" or "--json")
            args[i] = Path.GetFullPath(args[i], folder);
    }

    Directory.SetCurrentDirectory(Root());
    return args switch
    {
        ["demo" or "run" or "check", ..] => await Dev.RunAsync("tools/Springest.Tools", args),
        ["webhook", ..] => await Dev.RunAsync("tools/Springest.Tools", args, withAzurite: false, folder),
        ["publish" or "keys" or "access" or "events" or "smoke", ..] => await Dev.RunAsync(
            "tools/Springest.Tools",
            args,
            withAzurite: false),
        ["bench", .. var rest] => await Dev.RunAsync("bench/Springest.Benchmarks", rest),
        ["test", .. var rest] => await Dev.TestAsync(rest),
        [] or ["help" or "--help" or "-h" or "-?"] => Help(0),
        _ => Help(2),
    };
}
catch (Stop stop)
{
    Console.Error.WriteLine(stop.Message);
    return 1;
}
catch (IOException problem) when (Dev.IsDiskFull(problem.Message))
{
    Console.Error.WriteLine($"The disk is full: {problem.Message} Free some space and run the command again.");
    return 1;
}

static int Help(int exitCode)
{
    (exitCode == 0 ? Console.Out : Console.Error).WriteLine(Usage);
    return exitCode;
}

// Told by the SDK that runs this file; the compiler's own idea of the path may be a made-up one.
static string Root() => (string)AppContext.GetData("EntryPointFileDirectoryPath")!;

/// <summary>A reason to stop that the person at the keyboard can act upon.</summary>
internal sealed class Stop(string sentence) : Exception(sentence);

/// <summary>One run of a test program.</summary>
/// <param name="Project">Its project.</param>
/// <param name="Name">For its results.</param>
/// <param name="Arguments">Which of its tests.</param>
internal sealed record TestRun(string Project, string Name, string[] Arguments);

internal static partial class Dev
{
    private const string Solution = "Springest.Functions.sln";
    private const string FunctionTests = "Springest.Functions.Tests";
    private const string EndToEnd = "Springest.EndToEnd.Tests";
    private const string BrowserFolder = "tests/browser";
    // For what is only to be seen at work: it is analysed when it is tested or published.
    private const string WithoutAnalysis = "-p:RunAnalyzers=false";
    private const string GetNode = "Get it from https://nodejs.org/ or by your system's package manager.";
    private static readonly string[] SourceFolders = ["docs", "src", "tools", "tests/Springest.Testing"];
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SignOfTesting = TimeSpan.FromSeconds(30);

    // Before a build server gives up, which would not say what hung. A person sees that nothing goes on.
    private static readonly TimeSpan MostTesting = TimeSpan.FromMinutes(30);

    /// <summary>Runs a program that brings up what it needs on this machine.</summary>
    public static async Task<int> RunAsync(string project, string[] arguments, bool withAzurite = true, string? folder = null)
    {
        var program = Path.GetFullPath(Output(Path.GetFileName(project)));
        var (isBuilt, stamp, now) = (File.Exists(program), $"{program}.built", DateTime.UtcNow);
        string[] build = arguments switch
        {
            // A webhook is for an app that runs, and so for what is built.
            ["webhook", ..] when isBuilt => [],
            ["demo" or "run", ..] when isBuilt && !IsChangedSince(File.GetLastWriteTimeUtc(stamp)) => [],
            not ["demo" or "run", ..] when isBuilt => [project],
            _ => [project, WithoutAnalysis],
        };
        await PrepareAsync(build, withAzurite);
        if (build.Length > 0)
        {
            await File.WriteAllTextAsync(stamp, "");
            File.SetLastWriteTimeUtc(stamp, now);
        }

        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { WorkingDirectory = folder };
        if (arguments is ["demo", ..])
            TuneForShortLife(start);
        return await ForwardAsync(start);
    }

    /// <summary>Whether a source was changed, added or removed. MSBuild would need seconds to find out.</summary>
    private static bool IsChangedSince(DateTime time)
        => SourceFolders
            .SelectMany(folder => Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Prepend(folder))
            .Concat(Directory.EnumerateFiles("."))
            .Any(entry => File.GetLastWriteTimeUtc(entry) >= time);

    public static async Task<int> TestAsync(string[] only)
    {
        var all = Directory
            .GetDirectories("tests", "*.Tests")
            .Select(folder => Path.GetFileName(folder)!)
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (only.Except(all).FirstOrDefault() is { } unknown)
            throw new Stop($"There is no test project {unknown}. There are: {string.Join(", ", all)}.");

        await PrepareAsync(
            [Solution],
            withAzurite: true,
            withBrowser: NeedsBrowser() && (only.Length == 0 || only.Contains(FunctionTests)));

        Directory.CreateDirectory("artifacts/test-results");
        var (passed, failed, skipped) = (0, 0, 0);
        // Two at a time: most tests wait for storage most of the time. The end-to-end tests, which start many processes, have the machine
        // for themselves.
        var clock = Stopwatch.StartNew();
        await using var signs = new Timer(
            _ => Console.WriteLine($"  {clock.Elapsed.TotalSeconds:0} s"),
            null,
            SignOfTesting,
            SignOfTesting);
        using var limit = new CancellationTokenSource(
            Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ? MostTesting : Timeout.InfiniteTimeSpan);
        // By default, SIGTERM would end this program alone, and the test programs and their servers would go on.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            end.Cancel();
        });
        var runs = (only.Length > 0 ? only : all).SelectMany(RunsOf).ToLookup(run => run.Project == EndToEnd);
        foreach (var (together, most) in new[] { (runs[false], 2), (runs[true], 1) })
        {
            await Parallel.ForEachAsync(together, new ParallelOptions { MaxDegreeOfParallelism = most }, async (run, _) =>
            {
                var counts = await TestAsync(run, limit.Token, end.Token);
                Interlocked.Add(ref passed, counts.Passed);
                Interlocked.Add(ref failed, counts.Failed);
                Interlocked.Add(ref skipped, counts.Skipped);
            });
        }

        Console.WriteLine();
        Console.WriteLine($"{passed} passed, {failed} failed{(skipped > 0 ? $", {skipped} skipped" : "")}");
        return failed == 0 && passed > 0 ? 0 : 1;
    }

    /// <summary>Tests that look at what their process exports have one for themselves, instead of waiting for all others.</summary>
    private static TestRun[] RunsOf(string project) => project == FunctionTests
        ? [new(project, project, ["-trait-", "Process=Alone"]), new(project, $"{project}.Alone", ["-trait", "Process=Alone"])]
        : [new(project, project, [])];

    // A build, tests and the demo end before it pays to profile code, and to collect garbage after each 256 KB, as .NET does where a
    // virtual machine hides its caches. Hexadecimal: they collect after 64 MB.
    private static void TuneForBuild(ProcessStartInfo start)
    {
        start.Environment["DOTNET_GCgen0size"] = "4000000";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
    }

    // Nor does good compilation pay in tests and the demo: only what was called 512 times (hexadecimal too) is compiled again.
    private static void TuneForShortLife(ProcessStartInfo start)
    {
        TuneForBuild(start);
        start.Environment["DOTNET_TC_CallCountThreshold"] = "200";
    }

    private static async Task<(int Passed, int Failed, int Skipped)> TestAsync(TestRun run, CancellationToken limit, CancellationToken end)
    {
        Step($"Testing {run.Name}");
        var clock = Stopwatch.StartNew();
        var results = Path.GetFullPath($"artifacts/test-results/{run.Name}.xml");
        File.Delete(results);
        var start = new ProcessStartInfo(
            "dotnet", [Output(run.Project), "-noLogo", "-noColor", "-result-xml", results, .. run.Arguments]);
        TuneForShortLife(start);
        using var process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync(end);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            var reason = limit.IsCancellationRequested
                ? $"the tests had not ended after {MostTesting.TotalMinutes} minutes"
                : "SIGTERM asked for the end of the tests";
            Console.WriteLine($"  {run.Name} was killed: {reason}.");
        }

        var counts = Count(results);
        // A test program that broke down before it could report, or that found no test, counts as one failure.
        if (counts.Failed == 0 && (process.ExitCode != 0 || counts is { Passed: 0, Skipped: 0 }))
            counts.Failed = 1;
        Console.WriteLine($"  {run.Name}: {counts.Passed} passed, {counts.Failed} failed in {clock.Elapsed.TotalSeconds:0} s");
        return counts;
    }

    public static bool IsDiskFull(string message)
        => message.Contains("No space left", StringComparison.OrdinalIgnoreCase)
            || message.Contains("not enough space on the disk", StringComparison.OrdinalIgnoreCase)
            || message.Contains("ENOSPC", StringComparison.Ordinal);

    private static (int Passed, int Failed, int Skipped) Count(string results)
    {
        if (!File.Exists(results))
            return (0, 0, 0);
        var assemblies = XDocument.Load(results).Descendants("assembly").ToArray();
        int Sum(string name) => assemblies.Sum(assembly => (int?)assembly.Attribute(name) ?? 0);
        return (Sum("passed"), Sum("failed") + Sum("errors"), Sum("skipped"));
    }

    /// <summary>Builds, and installs what is missing meanwhile: the one keeps the processor busy, the other the network.</summary>
    private static async Task PrepareAsync(string[] build, bool withAzurite, bool withBrowser = false)
    {
        var work = new List<(string What, Func<Task> DoAsync)>();
        if (build.Length > 0)
            work.Add(("building", () => BuildAsync(build)));
        if (withAzurite && !await IsInstalledAsync("."))
            work.Add(("installing Azurite", () => InstallAsync("Azurite", ".")));
        if (withBrowser && !await IsInstalledAsync(BrowserFolder))
            work.Add(("installing a browser", () => InstallAsync("a browser", BrowserFolder)));
        if (work.Count == 0)
            return;
        var clock = Stopwatch.StartNew();
        Step($"Preparing: {string.Join(", ", work.Select(one => one.What))}");
        await using var signs = new Timer(_ => Console.WriteLine($"  {clock.Elapsed.TotalSeconds:0} s"), null, SignOfLife, SignOfLife);
        await Task.WhenAll(work.Select(one => one.DoAsync()));
    }

    /// <summary>True where the tests of the console find no browser on the PATH, but can run the one that an npm package holds.</summary>
    private static bool NeedsBrowser()
        => OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64
            && !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
                .Any(folder => File.Exists(Path.Combine(folder, "chromium")) || File.Exists(Path.Combine(folder, "google-chrome")));

    /// <summary>Whether what a folder's package-lock.json pins is there.</summary>
    private static async Task<bool> IsInstalledAsync(string folder)
    {
        var (node, version) = await TryRunAsync("node", ["--version"]);
        if (node is null)
            throw new Stop($"Node.js 20 or later is needed for Azurite, the storage emulator, and `node` is not on the PATH. {GetNode}");
        if (!int.TryParse(version.Trim().TrimStart('v').Split('.')[0], out var major) || major < 20)
            throw new Stop($"Node.js 20 or later is needed for Azurite, the storage emulator; this is {version.Trim()}. {GetNode}");
        return File.Exists(Stamp(folder)) && await File.ReadAllTextAsync(Stamp(folder)) == await HashOfLockAsync(folder);
    }

    private static async Task InstallAsync(string what, string folder)
    {
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        var (installed, said) = await TryRunAsync(npm, ["ci", "--no-audit", "--no-fund", "--prefix", folder]);
        if (installed is null)
            throw new Stop($"npm, which comes with Node.js, is not on the PATH. {GetNode}");
        if (installed != 0)
            throw new Stop(Explain($"npm could not install {what}", said));
        await File.WriteAllTextAsync(Stamp(folder), await HashOfLockAsync(folder));
    }

    /// <summary>Holds the hash of the package-lock.json that was installed last.</summary>
    private static string Stamp(string folder) => Path.Combine(folder, "node_modules", ".installed");

    private static async Task<string> HashOfLockAsync(string folder)
        => Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, "package-lock.json"))));

    private static async Task BuildAsync(string[] project)
    {
        var (built, said) = await TryRunAsync("dotnet", ["build", .. project, "-c", "Release", "-nologo", "-v", "quiet"], TuneForBuild);
        if (built != 0)
            throw new Stop(Explain("The build failed", said));
    }

    private static string Output(string project) => $"artifacts/bin/{project}/release/{project}.dll";

    private static string Explain(string what, string said)
    {
        var cause =
            IsDiskFull(said) ? "The disk is full. Free some space and run the command again."
            : IsUnreachable(said)
                ? "The package feed did not answer. Check the network, the proxy and the feeds that `dotnet nuget list source` "
                    + "and `npm config get registry` name."
            : null;
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().TakeLast(cause is null ? 20 : 3);
        return $"{what}. {cause}\nIt said:\n{string.Join('\n', lines)}";
    }

    private static bool IsUnreachable(string said) => Unreachable().IsMatch(said);

    private static void Step(string what) => Console.WriteLine($"» {what}");

    /// <summary>Runs a program to its end; no exit code means that there is no such program.</summary>
    private static async Task<(int? ExitCode, string Said)> TryRunAsync(
        string program, string[] arguments, Action<ProcessStartInfo>? tune = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        tune?.Invoke(start);
        try
        {
            using var process = Process.Start(start)!;
            var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return (process.ExitCode, string.Concat(said));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (null, "");
        }
    }

    /// <summary>
    /// Runs a program on this console. Ctrl-C goes to it as well, and SIGTERM is passed on; it decides when to end.
    /// </summary>
    private static async Task<int> ForwardAsync(ProcessStartInfo start)
    {
        void LetItEnd(object? sender, ConsoleCancelEventArgs e) => e.Cancel = true;
        Console.CancelKeyPress += LetItEnd;
        try
        {
            using var process = Process.Start(start)!;
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
            {
                signal.Cancel = true;
                if (!OperatingSystem.IsWindows())
                    Process.Start("kill", ["-TERM", $"{process.Id}"]).Dispose();
            });
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        finally
        {
            Console.CancelKeyPress -= LetItEnd;
        }
    }

    [GeneratedRegex("NU1301|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET|Unable to load the service index")]
    private static partial Regex Unreachable();
}

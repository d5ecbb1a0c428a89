using System.Formats.Tar;
using System.IO.Compression;
using PuppeteerSharp;
using Springest.Testing;

[assembly: AssemblyFixture(typeof(Springest.Functions.Tests.WebConsole.Chromium))]

namespace Springest.Functions.Tests.WebConsole;

/// <summary>
/// The machine's own browser, or on Linux the one that <c>dotnet dev.cs test</c> installs in <c>tests/browser</c>: one for all tests,
/// started when the first of them needs it.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly Lazy<Task<IBrowser?>> One = new(StartAsync);
    private static readonly string Package = Path.Combine(Repository.Root, "tests/browser/node_modules/@sparticuz/chromium/bin");

    private static readonly int Patience = (int)TimeSpan.FromMinutes(5).TotalMilliseconds;

    public async ValueTask DisposeAsync()
    {
        if (One is { IsValueCreated: true, Value.IsCompletedSuccessfully: true } && One.Value.Result is { } browser)
            await browser.DisposeAsync();
    }

    /// <summary>A new and empty browser profile for one test. Skips the test if there is no browser.</summary>
    internal static async Task<IBrowserContext> OpenAsync()
    {
        var browser = await One.Value;
        Assert.SkipWhen(browser is null, "There is neither chromium nor google-chrome on the path, nor one in tests/browser.");
        return await browser!.CreateBrowserContextAsync();
    }

    private static async Task<IBrowser?> StartAsync()
    {
        var own = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(folder => (string[])[Path.Combine(folder, "chromium"), Path.Combine(folder, "google-chrome")])
            .FirstOrDefault(File.Exists);
        if (own is null && !Directory.Exists(Package))
            return null;
        var libraries = Path.Combine(Package, "lib");
        var options = new LaunchOptions
        {
            ExecutablePath = own ?? await UnpackAsync(),
            HeadlessMode = HeadlessMode.Shell,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-sync", "--lang=en-US"],
            Timeout = Patience,
            ProtocolTimeout = Patience,
        };
        // What it needs beside the system's own libraries comes with it.
        if (own is null)
            options.Env.Add("LD_LIBRARY_PATH", libraries);
        return await Puppeteer.LaunchAsync(options);
    }

    private static async Task<string> UnpackAsync()
    {
        var program = Path.Combine(Package, "chromium");
        if (File.Exists(program) || !OperatingSystem.IsLinux())
            return program;
        await using (var libraries = Open("al2023.tar.br"))
            await TarFile.ExtractToDirectoryAsync(libraries, Package, overwriteFiles: true);
        var unfinished = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
        };
        await using (var packed = Open("chromium.br"))
        await using (var unpacked = new FileStream($"{program}.unfinished", unfinished))
            await packed.CopyToAsync(unpacked);
        File.Move($"{program}.unfinished", program);
        return program;
    }

    private static BrotliStream Open(string file) => new(File.OpenRead(Path.Combine(Package, file)), CompressionMode.Decompress);
}

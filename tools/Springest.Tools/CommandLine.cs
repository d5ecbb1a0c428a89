using System.ComponentModel;
using System.Diagnostics;

namespace Springest.Tools;

/// <summary>Programs of others.</summary>
internal static class CommandLine
{
    /// <summary>Runs a program to its end; null if there is no such program.</summary>
    /// <param name="program">Its name on the PATH.</param>
    /// <param name="arguments">Its command line, which others on the machine can see: no secret belongs in it.</param>
    /// <param name="input">What it reads.</param>
    public static async Task<Result?> TryRunAsync(string program, IEnumerable<string> arguments, string? input = null)
    {
        var start = new ProcessStartInfo(Find(program), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return new Result(process.ExitCode, said[0], said[1]);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    // On Windows the command lines of Azure and Node.js are .cmd files, which are found by their whole names only.
    public static string Find(string program)
        => OperatingSystem.IsWindows()
        && (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program + ".cmd")))
            ? program + ".cmd"
            : program;

    internal sealed record Result(int ExitCode, string Output, string Errors);
}

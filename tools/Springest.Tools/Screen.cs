using System.Diagnostics;
using Spectre.Console;

namespace Springest.Tools;

/// <summary>What the person at the console sees while the work goes on: one line per step, and signs of life meanwhile.</summary>
internal static class Screen
{
    private const int NoSpaceOnLinux = 28;
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);

    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(3);

    /// <summary>Whether lines can be written over; otherwise the output is a file, a pipe or a build server.</summary>
    public static bool IsLive => AnsiConsole.Profile.Capabilities is { Interactive: true, Ansi: true };

    /// <summary>Does a step and writes how long it took.</summary>
    /// <param name="what">What is true when it is done.</param>
    /// <param name="work">Gets a function by which it says, as often as it likes, how far it is.</param>
    public static async Task<T> StepAsync<T>(string what, Func<Action<string>, Task<T>> work)
    {
        var watch = Stopwatch.StartNew();
        var result = await (
            IsLive
                ? AnsiConsole
                    .Status()
                    .StartAsync(Markup.Escape(what), status => work(howFar => status.Status = Markup.Escape($"{what}: {howFar}")))
                : WithSignsOfLifeAsync(what, watch, work));
        Done(what, watch.Elapsed);
        return result;
    }

    /// <inheritdoc cref="StepAsync{T}(string, Func{Action{string}, Task{T}})"/>
    public static Task<T> StepAsync<T>(string what, Func<Task<T>> work) => StepAsync(what, _ => work());

    /// <inheritdoc cref="StepAsync{T}(string, Func{Action{string}, Task{T}})"/>
    public static Task StepAsync(string what, Func<Action<string>, Task> work)
        => StepAsync(what, async tell =>
        {
            await work(tell);
            return true;
        });

    public static void Done(string what, TimeSpan took)
        => AnsiConsole.MarkupLine($"[green]✓[/] {Markup.Escape(what)} [grey]({took.TotalSeconds:0.0} s)[/]");

    /// <summary>As it is: addresses and keys are copied, so no line is broken.</summary>
    public static void Say(string text) => Console.WriteLine(text);

    /// <summary>Says why the program ends, where errors are looked for.</summary>
    /// <returns>The exit code for it.</returns>
    public static int WriteError(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return 1;
    }

    /// <summary>Tells a full disk from other failures, by what the system says.</summary>
    public static bool IsDiskFull(IOException exception) => exception.HResult is NoSpaceOnLinux or NoSpaceOnWindows;

    private static async Task<T> WithSignsOfLifeAsync<T>(string what, Stopwatch watch, Func<Action<string>, Task<T>> work)
    {
        var howFar = "";
        await using var signs = new Timer(_ => Say($"  {watch.Elapsed.TotalSeconds:0} s  {what}{howFar}"), null, SignOfLife, SignOfLife);
        return await work(text => howFar = $": {text}");
    }
}

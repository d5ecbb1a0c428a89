using System.Diagnostics;
using Spectre.Console;

namespace Springest.Demo;

/// <summary>What the person at the console sees while the work goes on: one line per step.</summary>
internal static class Screen
{
    /// <summary>Does a step under a spinner and writes how long it took.</summary>
    public static async Task<T> StepAsync<T>(string what, Func<Task<T>> work)
    {
        var watch = Stopwatch.StartNew();
        var result = await AnsiConsole.Status().StartAsync(Markup.Escape(what), _ => work());
        Done(what, watch.Elapsed);
        return result;
    }

    public static void Done(string what, TimeSpan took)
        => AnsiConsole.MarkupLine($"[green]✓[/] {Markup.Escape(what)} [grey]({took.TotalSeconds:0.0} s)[/]");

    /// <summary>As it is: addresses and keys are copied, so no line is broken.</summary>
    public static void Say(string text) => Console.WriteLine(text);

    /// <summary>Says why the program ends, where errors are looked for.</summary>
    /// <returns>The exit code for it.</returns>
    public static int Complain(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return 1;
    }
}

namespace Springest.Tools.Deploy;

/// <summary>What a person types, without showing it, or a pipe gives.</summary>
internal static class Typed
{
    /// <summary>Asks for something; null if there is nobody to ask.</summary>
    public static async Task<string?> AskAsync(string what, TextReader input, CancellationToken cancellationToken)
    {
        Console.Write($"{what} (it is not shown): ");
        // Nothing can end the reading itself.
        var typed = await Task.Run(() => Console.IsInputRedirected ? input.ReadLine() : ReadHidden(), cancellationToken)
            .WaitAsync(cancellationToken);
        Console.WriteLine();
        return typed?.Trim();
    }

    private static string ReadHidden()
    {
        var typed = new Stack<char>();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } pressed)
        {
            if (pressed.Key != ConsoleKey.Backspace)
                typed.Push(pressed.KeyChar);
            else
                typed.TryPop(out _);
        }

        return string.Concat(typed.Reverse());
    }
}

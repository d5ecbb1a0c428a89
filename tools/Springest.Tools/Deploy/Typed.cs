namespace Springest.Tools.Deploy;

/// <summary>What a person types, without showing it, or a pipe gives.</summary>
internal static class Typed
{
    public static string? Read(TextReader input) => (Console.IsInputRedirected ? input.ReadLine() : ReadHidden())?.Trim();

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

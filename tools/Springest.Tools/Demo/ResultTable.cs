using Spectre.Console;

namespace Springest.Tools.Demo;

/// <summary>The table at the end.</summary>
internal sealed class ResultTable
{
    private readonly List<(string What, string Result, bool? Ok)> _rows = [];

    /// <summary>Whether every check came out well.</summary>
    public bool AllOk => _rows.All(row => row.Ok != false);

    /// <summary>Adds a row; with <paramref name="ok"/> it is a check that the exit code depends on.</summary>
    public void Add(string what, string result, bool? ok = null) => _rows.Add((what, result, ok));

    public void Write()
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("What").AddColumn("Result").AddColumn("");
        foreach (var (what, result, ok) in _rows)
            table.AddRow(Markup.Escape(what), Markup.Escape(result), ok switch { true => "[green]✓[/]", false => "[red]✗[/]", null => "" });
        AnsiConsole.WriteLine();
        AnsiConsole.Write(table);
    }
}

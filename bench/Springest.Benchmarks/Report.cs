using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Springest.Benchmarks;

/// <summary>The rows of a run.</summary>
internal sealed class Report(string area, List<Figure> figures)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>A figure without a bound, such as a baseline.</summary>
    public void Add(string name, double value, string unit) => Add(new Figure(area, name, value, unit));

    /// <summary>A figure that must not be above its bound.</summary>
    public void AtMost(double bound, string name, double value, string unit)
        => Add(new Figure(area, name, value, unit, FormattableString.Invariant($"at most {bound:#,0.###}"), value <= bound));

    /// <summary>A figure that must not be below its bound.</summary>
    public void AtLeast(double bound, string name, double value, string unit)
        => Add(new Figure(area, name, value, unit, FormattableString.Invariant($"at least {bound:#,0.###}"), value >= bound));

    public static void Show(IEnumerable<Figure> figures)
    {
        var table = new Table().RoundedBorder().AddColumns("Area", "What", "Figure", "Unit", "Goal", "");
        table.Columns[2].RightAligned();
        foreach (var figure in figures)
        {
            table.AddRow(
                figure.Area,
                Markup.Escape(figure.Name),
                FormattableString.Invariant($"{figure.Value:#,0.####}"),
                figure.Unit,
                figure.Goal ?? "",
                figure.Within switch
                {
                    true => "[green]holds[/]",
                    false => "[red]missed[/]",
                    null => "",
                });
        }

        AnsiConsole.Write(table);
    }

    public static async Task SaveAsync(IEnumerable<Figure> figures, string path, CancellationToken cancellationToken)
        => await File.WriteAllTextAsync(path, JsonSerializer.Serialize(figures, Json) + "\n", cancellationToken);

    private void Add(Figure figure)
    {
        figures.Add(figure);
        AnsiConsole.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"[grey]{figure.Area}: {figure.Name}: {figure.Value:#,0.####} {figure.Unit}[/]");
    }
}

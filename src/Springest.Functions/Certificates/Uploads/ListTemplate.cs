using System.Globalization;
using CsvHelper;
using SpreadCheetah;
using SpreadCheetah.Styling;
using SpreadCheetah.Validations;
using SpreadCheetah.Worksheets;
using Springest.Functions.Certificates.Manifests;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Uploads;

/// <summary>An empty list to fill in, its columns named in a language: CSV, or a workbook with the certifications to choose from.</summary>
internal static class ListTemplate
{
    // Nobody looks through more; they can be written in all the same.
    private const int MostNames = 5000;

    private static readonly string[] s_columns
        = ["column_file", "column_certification", "column_email", "column_valid_from", "column_valid_until", "column_booking"];

    private static readonly int[] s_widths = [40, 50, 32, 14, 14, 14];

    public static byte[] ToCsv(Wording wording)
    {
        var content = new MemoryStream();
        using (var csv = CsvWriter.Create(
            content, new CsvWriterOptions { Separator = wording.ListSeparator, WriteByteOrderMark = true }, leaveOpen: true))
        {
            foreach (var column in s_columns)
                csv.WriteField(wording.Text(column));
            csv.EndRecord();
        }

        return content.ToArray();
    }

    public static async Task<byte[]> ToWorkbookAsync(
        IReadOnlyList<(long Id, string Name)> certifications, Wording wording, CancellationToken cancellationToken)
    {
        var content = new MemoryStream();
        await using (var book = await Spreadsheet.CreateNewAsync(content, cancellationToken: cancellationToken))
        {
            var head = book.AddStyle(new Style { Font = { Bold = true } });
            var options = new WorksheetOptions { FrozenRows = 1 };
            foreach (var (index, width) in s_widths.Index())
                options.Column(index + 1).Width = width;
            await book.StartWorksheetAsync(wording.Text("sheet_list"), options, cancellationToken);
            await book.AddRowAsync(s_columns.Select(column => new StyledCell(wording.Text(column), head)).ToArray(), cancellationToken);
            var second = wording.Text("sheet_certifications");
            if (certifications.Count > 0)
                book.TryAddDataValidation(
                    $"B2:B{ManifestParser.MaxLines}",
                    DataValidation.ListValuesFromCells(
                        second, string.Create(CultureInfo.InvariantCulture, $"A2:A{Math.Min(certifications.Count, MostNames) + 1}")));
            var wide = new WorksheetOptions { FrozenRows = 1 };
            wide.Column(1).Width = s_widths[1];
            await book.StartWorksheetAsync(second, wide, cancellationToken);
            await book.AddRowAsync(
                [new StyledCell(wording.Text("column_certification"), head), new StyledCell(wording.Text("column_number"), head)],
                cancellationToken);
            foreach (var (id, name) in certifications.Take(MostNames))
                await book.AddRowAsync([new DataCell(name), new DataCell(id)], cancellationToken);
            await book.FinishAsync(cancellationToken);
        }

        return content.ToArray();
    }
}

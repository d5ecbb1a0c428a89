using System.Xml;
using CsvHelper;
using SpreadCheetah;
using SpreadCheetah.Styling;
using SpreadCheetah.Worksheets;
using Springest.Functions.Certificates.Drop;
using Springest.Functions.Certificates.Reports;
using Springest.Functions.Text;

namespace Springest.Functions.Certificates.Rejections;

/// <summary>The rejections of a folder as a list for people: as CSV and as a workbook, in an office's language.</summary>
internal static class RejectionSheet
{
    // What some spreadsheets take for the beginning of a formula beside the ASCII characters.
    private static readonly char[] s_fullWidth = ['\uff1d', '\uff0b', '\uff0d', '\uff20'];

    // What a cell of a workbook can hold.
    private const int MaxText = 32_767;

    private static readonly string[] s_columns =
    [
        "column_file", "column_reason", "column_email", "column_certification", "column_valid_from", "column_valid_until", "column_booking",
        "column_time", "column_code",
    ];

    private static readonly int[] s_widths = [40, 100, 32, 32, 14, 14, 14, 24, 28];

    /// <summary>
    /// As CSV: for Excel with the separator that it expects in the language, and with text that it would take for a formula marked as text.
    /// </summary>
    public static byte[] ToCsv(IEnumerable<CertificateReport> rejections, Wording wording)
    {
        var content = new MemoryStream();
        using (var csv = CsvWriter.Create(
            content,
            new CsvWriterOptions
            {
                Separator = wording.ListSeparator,
                WriteByteOrderMark = true,
                Injection = CsvInjection.Escape,
                InjectionCharacters = "=+-@\t\r\n",
            },
            leaveOpen: true))
        {
            foreach (var row in Rows(rejections, wording))
            {
                foreach (var text in row)
                    csv.WriteField(text is [var first, ..] && s_fullWidth.Contains(first) ? $"'{text}" : text, CsvQuoting.Always);
                csv.EndRecord();
            }
        }

        return content.ToArray();
    }

    /// <summary>As a workbook of texts, none of which is a formula.</summary>
    public static async Task<byte[]> ToWorkbookAsync(
        IEnumerable<CertificateReport> rejections, Wording wording, CancellationToken cancellationToken)
    {
        var content = new MemoryStream();
        await using (var book = await Spreadsheet.CreateNewAsync(content, cancellationToken: cancellationToken))
        {
            var head = book.AddStyle(new Style { Font = { Bold = true } });
            var body = book.AddStyle(new Style { Alignment = { WrapText = true, Vertical = VerticalAlignment.Top } });
            var options = new WorksheetOptions { FrozenRows = 1 };
            foreach (var (index, width) in s_widths.Index())
                options.Column(index + 1).Width = width;
            await book.StartWorksheetAsync(wording.Text("sheet_rejections"), options, cancellationToken);
            foreach (var (index, row) in Rows(rejections, wording).Index())
                await book.AddRowAsync(
                    row.Select(text => new StyledCell(text, index == 0 ? head : body)).ToArray(), cancellationToken);
            await book.FinishAsync(cancellationToken);
        }

        return content.ToArray();
    }

    private static IEnumerable<string[]> Rows(IEnumerable<CertificateReport> rejections, Wording wording)
        => rejections.Select(report => RowOf(report, wording)).Prepend([.. s_columns.Select(wording.Text)])
            .Select(row => row.Select(Plain).ToArray());

    private static string[] RowOf(CertificateReport report, Wording wording)
        =>
        [
            // What it is called now: several may have come with one name.
            BlobNames.FileOf(report.MovedTo ?? report.File),
            report.Problems is { Count: > 0 } problems && report.Code != Reason.RefusedBySpringest
                ? string.Join(' ', problems.Select(wording.Say)) : report.Message ?? "",
            report.Email ?? "", report.Certification ?? report.CertificationId ?? "", report.ValidFrom ?? "", report.ValidUntil ?? "",
            report.BookingId ?? "", wording.Time(report.At), report.Code ?? "",
        ];

    // One line, of characters that a workbook can hold.
    private static string Plain(string text)
        => StoredText.Cut(
            string.Create(text.Length, text, static (span, text) =>
            {
                for (var i = 0; i < span.Length; i++)
                    span[i] = text[i] is '\r' or '\n' or '\t' ? ' '
                        : XmlConvert.IsXmlChar(text[i]) || char.IsSurrogatePair(text, i) || (i > 0 && char.IsSurrogatePair(text, i - 1))
                            ? text[i] : '\uFFFD';
            }),
            MaxText);
}

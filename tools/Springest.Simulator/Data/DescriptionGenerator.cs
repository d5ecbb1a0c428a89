using System.Globalization;
using System.Text;

namespace Springest.Simulator.Data;

/// <summary>Descriptions in HTML, from 1 to 40 KB; short ones are far more frequent.</summary>
internal static class DescriptionGenerator
{
    private const int Shortest = 1024;
    private const int Longest = 40 * 1024;
    private const int LongestSection = 600;

    public static string Draw(Random random, string topic, bool english)
    {
        // The tenth power: three of four are below 3.5 KB, one in a hundred above 36 KB.
        var length = Shortest + (int)((Longest - Shortest - LongestSection) * Math.Pow(random.NextDouble(), 10));
        var opening = random.Pick(english ? Vocabulary.EnglishOpenings : Vocabulary.Openings);
        var html = new StringBuilder(length + LongestSection);
        html.Append("<p>").AppendFormat(CultureInfo.InvariantCulture, opening, topic).Append("</p>");
        while (html.Length < length)
            AppendSection(html, random, english);
        return html.ToString();
    }

    private static void AppendSection(StringBuilder html, Random random, bool english)
    {
        var sentences = english ? Vocabulary.EnglishSentences : Vocabulary.Sentences;
        switch (random.Next(4))
        {
            case 0:
                html.Append("<h2>").Append(random.Pick(english ? Vocabulary.EnglishHeadings : Vocabulary.Headings)).Append("</h2>");
                break;
            case 1:
                html.Append("<ul>");
                for (var items = random.Next(2, 5); items > 0; items--)
                    html.Append("<li>").Append(random.Pick(sentences)).Append("</li>");
                html.Append("</ul>\r\n");
                break;
            case 2:
                html.Append("<p><strong>").Append(random.Pick(sentences)).Append("</strong><br />");
                html.Append(random.Pick(sentences)).Append("</p>\n");
                break;
            default:
                html.Append("<p>").Append(random.Pick(sentences)).Append(' ').Append(random.Pick(sentences)).Append("</p>");
                break;
        }
    }
}

using System.Net;

namespace Springest.Client;

/// <summary>Reads the HTML and the entities that the data holds (contract, section 3.2). Nothing here throws.</summary>
public static class HtmlText
{
    /// <summary>Text whose entities are decoded once, without blanks around it: <c>Werk &amp;amp; tijd </c> gives <c>Werk &amp; tijd</c>.</summary>
    public static string Decode(string? text) => WebUtility.HtmlDecode(text)?.Trim() ?? "";

    /// <summary>ISO 4217 code of a currency sign, entity or code; null if not recognised.</summary>
    public static string? CurrencyCode(string? currency) => Decode(currency).ToUpperInvariant() switch
    {
        "€" or "EUR" => "EUR",
        "£" or "GBP" => "GBP",
        "$" or "USD" => "USD",
        _ => null,
    };
}

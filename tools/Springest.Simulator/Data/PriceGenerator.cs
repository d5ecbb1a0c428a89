using System.Globalization;
using System.Text.Json;

namespace Springest.Simulator.Data;

/// <summary>
/// What a training costs: nothing known, with a discount, exempt from VAT, with further costs (docs/springest-api.md, section 8.2).
/// </summary>
internal static class PriceGenerator
{
    public static void Write(Utf8JsonWriter writer, Random random)
    {
        decimal? price = random.Next(7) == 0 ? null : (random.Next(2, 400) * 10) - random.Next(2);
        decimal? discount = price is not null && random.Next(8) == 0 ? random.Next(1, 6) * 5 : null;
        var original = discount is null ? price : Math.Round(price!.Value * 100 / (100 - discount.Value), 1);
        var exempt = random.Next(3) == 0;
        writer.WriteDecimal("price", price);
        writer.WriteString("price_currency", "&euro;");
        writer.WriteDecimal("original_price", original);
        writer.WriteDecimal("discount_percentage", discount);
        writer.WriteNull("vat_rate");
        writer.WriteDecimal("vat_amount", Vat(price, exempt));
        writer.WriteDecimal("original_vat_amount", Vat(original, exempt));
        WriteBase(writer, random, "base_price", price);
        WriteBase(writer, random, "base_vat_amount", Vat(price, exempt));
        WriteCosts(writer, price is null ? 0 : random.Next(-3, 4), random, exempt);
        writer.WriteString("vat_included", price is null ? "unknown" : exempt ? "exempt" : random.Next(4) == 0 ? "yes" : "no");
    }

    private static void WriteCosts(Utf8JsonWriter writer, int count, Random random, bool exempt)
    {
        writer.WriteStartArray("additional_costs");
        for (; count > 0; count--)
        {
            var amount = random.Next(10, 300);
            writer.WriteStartObject();
            writer.WriteString("name", random.Pick(Vocabulary.Costs));
            writer.WriteDecimal("amount", amount);
            writer.WriteDecimal("vat_amount", Vat(amount, exempt));
            writer.WriteString("vat_included", exempt ? "exempt" : "no");
            writer.WriteBoolean("mandatory", random.Next(2) == 0);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // A number or a numeric string: either may come (docs/springest-api.md, section 8.2).
    private static void WriteBase(Utf8JsonWriter writer, Random random, string name, decimal? value)
    {
        if (value is not null && random.Next(4) > 0)
            writer.WriteNumber(name, Math.Floor(value.Value));
        else
            writer.WriteOptional(name, value is null ? null : Math.Floor(value.Value).ToString(CultureInfo.InvariantCulture));
    }

    private static decimal? Vat(decimal? amount, bool exempt) => exempt ? null : amount * 0.21m;
}

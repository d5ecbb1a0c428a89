using System.Globalization;
using System.Text.Json;

namespace Springest.Simulator.Data;

/// <summary>How generated values are written.</summary>
internal static class JsonWriting
{
    public static void WriteOptional(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            writer.WriteString(name, value);
    }

    public static void WriteOptional(this Utf8JsonWriter writer, string name, int? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            writer.WriteNumber(name, value.Value);
    }

    /// <summary>Always with a dot, which is how a float is told from an integer in XML.</summary>
    public static void WriteFloat(this Utf8JsonWriter writer, string name, decimal? value)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(value?.ToString("0.0", CultureInfo.InvariantCulture) ?? "null");
    }

    /// <summary>A decimal, which is a string in JSON.</summary>
    public static void WriteDecimal(this Utf8JsonWriter writer, string name, decimal? value)
        => writer.WriteOptional(name, value?.ToString("0.0#", CultureInfo.InvariantCulture));

    public static T Pick<T>(this Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}

using System.Text;

namespace Springest.Functions.Tests.Webhooks;

/// <summary>
/// Pieces of text that are JSON, are not, or that parsers may take either way, after the categories of the public JSON parsing
/// test suites: numbers, strings, arrays, objects, literals, whole bodies.
/// </summary>
internal static class JsonCases
{
    /// <summary>Values, put into a change as a property that means nothing to us.</summary>
    private static readonly string[] Values =
    [
        "0", "-0", "7", "-7", "1.5", "-0.0", "1e5", "1E5", "1e+5", "1E-5", "0e1", "0e+1", "0.4e2", "123e65", "1.000000000000000005", "12345678901234567890123",
        "9223372036854775808", "1e400", "-1e400", "1e-400", "0.1234567890123456789012345678901234567890", "  7  ", "\t7\n",
        "\"\"", "\"a\"", "\" \"", """ "\"" """, """ "\\" """, """ "\/" """, """ "\b\f\n\r\t" """, """ "\u0000" """, """ "\u00e9\u00E9" """,
        """ "\ud83d\ude00" """, "\"😀\"", "\"\uFFFF\"", "\"\u007f\"", "\"\u2028\u2029\"", "\"\uFEFF\"", "\"Zoë €\"", """ "\\u0041" """, """ "http:\/\/x" """,
        "[]", "[1]", "[[]]", "[1,2]", "[ 1 , 2 ]", "[null]", "[\"\"]", "[{}]", "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]",
        "{}", """{"a":1}""", """{"a":{"b":[]}}""", """{"":0}""", """{"a":1,"a":2}""", """{ "a" : 1 , "b" : 2 }""", """{"\u0061":1}""", """{"a\u0000b":1}""",
        "true", "false", "null",
    ];

    private static readonly string[] NoValues =
    [
        "01", "-01", "+1", "1.", ".5", "-.5", "1e", "1e+", "1eE2", "0x1F", "NaN", "-NaN", "Infinity", "-Infinity", "-", "--1", "++1", "1_000", "1a", "-foo", "１",
        "0.e1", "2.e+3", "1 000", "1.2.3", "1,5", "0.3e", "0e", "1.5H", "1e1.5", "- 1", "1d",
        """ "\x" """, """ "\u12" """, """ "\u12G4" """, """ "\" """, """ "\a" """, """ "\U0041" """, """ "\u" """, """ "\ """, """ "\'" """, "\"a", "'a'", "a",
        "\"\n\"", "\"\t\"", "\"\0\"", "\"\u001f\"", "“a”", "\"a\"b\"",
        "[1,]", "[,1]", "[,]", "[1 2]", "[1,,2]", "[", "[1", "[1}", "[a]", "[1:2]", "[**]", "]", "[\"a\",", "[1],",
        "{a:1}", "{'a':1}", """{"a"}""", """{"a":}""", """{"a" 1}""", """{"a":1,}""", "{,}", """{"a":1 "b":2}""", "{1:1}", """{"a"::1}""", """{"a":1,,"b":2}""",
        "{[]:1}", "{null:1}", """{"a":1]""", """{"a":1""", """{"a":1}}}}""", """{"a":1,b}""",
        "True", "TRUE", "nul", "nulll", "undefined", "tru", "falsee", "// note\n1", "/* note */ 1", "1 # note", "\u00a01", "\f1", "\u2028", "",
    ];

    /// <summary>Strings with half a surrogate pair: taken or refused, as long as nothing breaks.</summary>
    private static readonly string[] EitherValues =
    [
        """ "\ud800" """, """ "\udc00" """, """ "\ud83d\ud83d" """, """ "\ud800\n" """, """ "\ud800\u0041" """, """ {"\ud800":1} """, """ "\udc00\ud800" """,
    ];

    private const string Good = """{"changes":[{"action":"update","object":"training","id":7}]}""";

    private static readonly string[] Bodies = [Good, $" {Good} ", $"\r\n\t{Good}\n\n", $"\uFEFF{Good}", """{"changes":[],"changes":[]}""", """{"x":[[[]]],"changes":[]}"""];

    private static readonly string[] NoBodies =
    [
        "", " ", "\n", "\uFEFF", "\0", $"\0{Good}", $"{Good}\0", $"{Good},", $"{Good}{Good}", $"{Good} true", $"{Good}]", "{", "}", "[", "]", "\"", ":", ",", "{\"", "{\"changes\"",
        """{"changes":""", """{"changes":[""", """{"changes":[{"id":7""", "<changes/>", "changes[]=7", "--x\r\nContent-Type: text/plain\r\n", $"\uFEFF\uFEFF{Good}", $"// note\n{Good}",
        "[[[[[[[[", $"({Good})", $"callback({Good})", "null", "true", "7", "\"changes\"", "[]", "{}", """{"changes":null}""", """{"changes":[],"changes":null}""",
    ];

    private static readonly byte[][] NoText =
    [
        [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xE9], [0xC3, 0x28],
    ];

    /// <summary>What is expected of each: true taken, false refused, null either.</summary>
    public static IEnumerable<(byte[] Body, bool? Expected)> All =>
    [
        .. Values.Select(value => (Wrap(Utf8(value)), (bool?)true)),
        .. NoValues.Select(value => (Wrap(Utf8(value)), (bool?)false)),
        .. EitherValues.Select(value => (Wrap(Utf8(value)), (bool?)null)),
        .. Bodies.Select(body => (Utf8(body), (bool?)true)),
        .. NoBodies.Select(body => (Utf8(body), (bool?)false)),
        .. NoText.Select(bytes => (Wrap([(byte)'"', .. bytes, (byte)'"']), (bool?)false)),
        .. new[] { 65, 1000, 100_000 }.Select(depth => (Wrap(Utf8(new string('[', depth) + new string(']', depth))), (bool?)false)),
    ];

    private static byte[] Wrap(byte[] value)
        => [.. """{"changes":[{"action":"update","object":"training","id":7,"note":"""u8, .. value, .. "}]}"u8];

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}

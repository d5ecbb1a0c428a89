using System.Globalization;

namespace Springest.Testing.Kusto;

/// <summary>The value of an expression in a row; aggregates look at all rows of the row's group.</summary>
internal delegate object? KqlExpression(object?[] row, IReadOnlyList<object?[]> group);

/// <summary>
/// Reads the expressions of a query. Values are texts, numbers (all as <c>double</c>), truth values, points in time and spans of it, and
/// objects (dictionaries of texts); what is not there is null.
/// </summary>
internal sealed class KqlExpressions(KqlTokens tokens, DateTimeOffset now)
{
    private IReadOnlyList<string> _columns = [];

    /// <summary>The next expression, over rows with these columns.</summary>
    public KqlExpression Read(IReadOnlyList<string> columns)
    {
        _columns = columns;
        return Or();
    }

    /// <summary>The next expression with its name: the one before it, or one out of what it is.</summary>
    public (string Name, KqlExpression Value) ReadNamed(IReadOnlyList<string> columns)
    {
        if (KqlTokens.IsName(tokens.Next) && tokens.AfterNext == "=")
        {
            var name = tokens.Take();
            tokens.Expect("=");
            return (name, Read(columns));
        }

        var start = tokens.Position;
        var value = Read(columns);
        // A column keeps its name, also within bin(); tostring(Properties.x) is called Properties_x, sum(x) sum_x, and count() count_.
        var words = tokens.Since(start).Where(KqlTokens.IsName).ToList();
        return (words switch
        {
            ["bin" or "tostring", .. var rest] => string.Join('_', rest),
            [var only] when !columns.Contains(only) => $"{only}_",
            _ => string.Join('_', words),
        }, value);
    }

    /// <summary>What follows <c>arg_max</c>: by which value, and the columns that are wanted of its row.</summary>
    public (KqlExpression By, List<(string Name, KqlExpression Value)> Columns) ReadArgMax(IReadOnlyList<string> columns)
    {
        tokens.Expect("arg_max");
        var arguments = tokens.List("(", ")", () => ReadNamed(columns));
        return (arguments[0].Value, arguments);
    }

    private KqlExpression Or()
    {
        var left = And();
        while (tokens.TryTake("or"))
        {
            var (first, second) = (left, And());
            left = (row, group) => first(row, group) is true || second(row, group) is true;
        }

        return left;
    }

    private KqlExpression And()
    {
        var left = Comparison();
        while (tokens.TryTake("and"))
        {
            var (first, second) = (left, Comparison());
            left = (row, group) => first(row, group) is true && second(row, group) is true;
        }

        return left;
    }

    private KqlExpression Comparison()
    {
        var left = Sum();
        var sign = tokens.Next;
        switch (sign)
        {
            case "==" or "!=" or "<" or "<=" or ">" or ">=" or "startswith" or "!startswith" or "endswith" or "contains" or "has":
                tokens.Take();
                var right = Sum();
                return (row, group) => Compare(sign, left(row, group), right(row, group));
            case "in" or "!in":
                tokens.Take();
                var list = tokens.List("(", ")", Sum);
                return (row, group) => list.Any(each => Equals(each(row, group), left(row, group))) == (sign == "in");
            case "between":
                tokens.Take();
                tokens.Expect("(");
                var low = Sum();
                tokens.Expect("..");
                var high = Sum();
                tokens.Expect(")");
                return (row, group) =>
                    Compare(">=", left(row, group), low(row, group)) && Compare("<=", left(row, group), high(row, group));
            default:
                return left;
        }
    }

    private KqlExpression Sum() => Chain(Product, "+", "-");

    private KqlExpression Product() => Chain(Member, "*", "/");

    private KqlExpression Chain(Func<KqlExpression> read, params string[] signs)
    {
        var left = read();
        while (signs.Contains(tokens.Next))
        {
            var (sign, first) = (tokens.Take(), left);
            var second = read();
            left = (row, group) => Calculate(sign, first(row, group), second(row, group));
        }

        return left;
    }

    private KqlExpression Member()
    {
        var value = Primary();
        while (tokens.Next is "." or "[")
        {
            var of = value;
            string key;
            if (tokens.TryTake("."))
            {
                key = tokens.TakeName();
            }
            else
            {
                tokens.Expect("[");
                key = tokens.Take()[1..^1];
                tokens.Expect("]");
            }

            value = (row, group) =>
                of(row, group) is IReadOnlyDictionary<string, string> properties ? properties.GetValueOrDefault(key) : null;
        }

        return value;
    }

    private KqlExpression Primary()
    {
        var token = tokens.Take();
        if (token == "(")
        {
            var inner = Or();
            tokens.Expect(")");
            return inner;
        }

        if (KqlTokens.IsText(token))
            return Constant(token[1..^1]);
        if (char.IsDigit(token[0]))
            return Constant(Number(token));
        if (token is "true" or "false")
            return Constant(token == "true");
        if (tokens.Next == "(")
            return Call(token);
        return _columns.ToList().IndexOf(token) is var index and >= 0
            ? (row, _) => row[index]
            : throw new KqlException($"There is no column {token}; there are {string.Join(", ", _columns)}.");
    }

    private KqlExpression Call(string function)
    {
        var arguments = tokens.List("(", ")", Or);
        if (KqlFunctions.Scalars.TryGetValue(function, out var scalar))
            return (row, group) => scalar([.. arguments.Select(argument => argument(row, group))]);
        if (KqlFunctions.Aggregates.TryGetValue(function, out var aggregate))
            return (_, group) => aggregate([.. group.Select(row => arguments.Select(argument => argument(row, group)).ToArray())]);
        return function switch
        {
            "ago" => (row, group) => now - (TimeSpan)arguments[0](row, group)!,
            "now" => Constant(now),
            _ => throw new KqlException($"There is no function {function}."),
        };
    }

    private static KqlExpression Constant(object value) => (_, _) => value;

    private static object Number(string token)
    {
        var unit = token[^1];
        var value = double.Parse(char.IsDigit(unit) ? token : token[..^1], CultureInfo.InvariantCulture);
        return unit switch
        {
            'd' => TimeSpan.FromDays(value),
            'h' => TimeSpan.FromHours(value),
            'm' => TimeSpan.FromMinutes(value),
            's' => TimeSpan.FromSeconds(value),
            _ => value,
        };
    }

    private static bool Compare(string sign, object? left, object? right) => (sign, left, right) switch
    {
        ("==", _, _) => left is not null && Equals(left, right),
        ("!=", _, _) => !Equals(left, right),
        (_, null, _) or (_, _, null) => false,
        ("startswith", string text, string part) => text.StartsWith(part, StringComparison.OrdinalIgnoreCase),
        ("!startswith", string text, string part) => !text.StartsWith(part, StringComparison.OrdinalIgnoreCase),
        ("endswith", string text, string part) => text.EndsWith(part, StringComparison.OrdinalIgnoreCase),
        ("contains" or "has", string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase),
        ("<" or "<=" or ">" or ">=", IComparable, _) when left.GetType() == right.GetType() => ((IComparable)left).CompareTo(right) switch
        {
            < 0 => sign is "<" or "<=",
            0 => sign is "<=" or ">=",
            > 0 => sign is ">" or ">=",
        },
        _ => throw new KqlException($"{left.GetType().Name} {sign} {right.GetType().Name} cannot be compared."),
    };

    private static object? Calculate(string sign, object? left, object? right) => (sign, left, right) switch
    {
        (_, null, _) or (_, _, null) => null,
        ("+", double a, double b) => a + b,
        ("-", double a, double b) => a - b,
        ("*", double a, double b) => a * b,
        ("/", double a, double b) => a / b,
        ("-", DateTimeOffset a, TimeSpan b) => a - b,
        ("-", DateTimeOffset a, DateTimeOffset b) => a - b,
        _ => throw new KqlException($"{left.GetType().Name} {sign} {right.GetType().Name} cannot be calculated."),
    };
}

using System.Linq.Expressions;
using System.Reflection;
using Azure.Data.Tables.Entities;

namespace Azure.Data.Tables.Filters;

/// <summary>Turns a condition written in C# into an OData filter: comparisons of properties with values, joined by and, or, not.</summary>
internal static class FilterExpression
{
    public static string Translate<T>(Expression<Func<T, bool>> filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return Condition(filter.Body);
    }

    private static string Condition(Expression expression)
    {
        switch (Strip(expression))
        {
            case BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.And } both:
                return $"({Condition(both.Left)}) and ({Condition(both.Right)})";
            case BinaryExpression { NodeType: ExpressionType.OrElse or ExpressionType.Or } either:
                return $"({Condition(either.Left)}) or ({Condition(either.Right)})";
            case UnaryExpression { NodeType: ExpressionType.Not } negation:
                return $"not ({Condition(negation.Operand)})";
            case BinaryExpression comparison when Operator(comparison.NodeType) is { } op:
                return Comparison(comparison.Left, op, comparison.Right);
            case MethodCallExpression { Method.Name: nameof(Equals), Object: { } left, Arguments: [var right] }:
                return Comparison(left, "eq", right);
            case MethodCallExpression { Method: { Name: nameof(Equals), IsStatic: true }, Arguments: [var left, var right] }:
                return Comparison(left, "eq", right);
            case var flag when PropertyName(flag) is { } name:
                return $"{name} eq true";
            default:
                throw Unsupported(expression);
        }
    }

    private static string Comparison(Expression left, string op, Expression right)
    {
        // string.Compare(a, b) < 0 and a.CompareTo(b) < 0 are how C# writes a < b for strings.
        if (Strip(left) is MethodCallExpression
            {
                Method.Name: nameof(string.Compare) or nameof(string.CompareOrdinal), Object: null, Arguments: [var a, var b],
            })
            return ComparisonWithZero(a, op, b, right);
        if (Strip(left) is MethodCallExpression { Method.Name: nameof(string.CompareTo), Object: { } subject, Arguments: [var other] })
            return ComparisonWithZero(subject, op, other, right);
        if (PropertyName(left) is { } name)
            return $"{name} {op} {Literal(right, left)}";
        if (PropertyName(right) is { } mirrored)
            return $"{mirrored} {Mirror(op)} {Literal(left, right)}";
        throw Unsupported(left);
    }

    private static string ComparisonWithZero(Expression left, string op, Expression right, Expression zero)
        => Evaluate(zero) is 0 ? Comparison(left, op, right) : throw Unsupported(zero);

    private static string Literal(Expression value, Expression property)
    {
        var evaluated = Evaluate(value) ?? throw new NotSupportedException("Tables have no nulls to compare with.");
        var type = Strip(property).Type;
        type = Nullable.GetUnderlyingType(type) ?? type;
        // The compiler compares enums as numbers; the table holds their names.
        return FilterLiteral.Of(type.IsEnum ? Enum.ToObject(type, evaluated) : evaluated);
    }

    /// <summary>The property that the expression reads from the entity, if that is what it does.</summary>
    private static string? PropertyName(Expression expression) => Strip(expression) switch
    {
        // x.Number.Value and x.Number mean the same column.
        MemberExpression { Member.Name: "Value", Expression: { } inner } when Nullable.GetUnderlyingType(inner.Type) is not null
            => PropertyName(inner),
        MemberExpression { Expression: { } entity } member when Strip(entity) is ParameterExpression
            => EntityProperty.NameOf(member.Member),
        MethodCallExpression { Object: { } entity, Method.Name: var method, Arguments: [var key] }
            when Strip(entity) is ParameterExpression && (method == "get_Item" || method.StartsWith("Get", StringComparison.Ordinal))
            => Evaluate(key) as string,
        _ => null,
    };

    private static object? Evaluate(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        // A captured variable is a field of an object that the compiler made.
        MemberExpression { Member: FieldInfo field, Expression: var owner } => field.GetValue(owner is null ? null : Evaluate(owner)),
        _ => Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)(),
    };

    private static Expression Strip(Expression expression)
    {
        while (expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } conversion)
            expression = conversion.Operand;
        return expression;
    }

    private static string? Operator(ExpressionType type) => type switch
    {
        ExpressionType.Equal => "eq",
        ExpressionType.NotEqual => "ne",
        ExpressionType.LessThan => "lt",
        ExpressionType.LessThanOrEqual => "le",
        ExpressionType.GreaterThan => "gt",
        ExpressionType.GreaterThanOrEqual => "ge",
        _ => null,
    };

    private static string Mirror(string op) => op switch { "lt" => "gt", "le" => "ge", "gt" => "lt", "ge" => "le", _ => op };

    private static NotSupportedException Unsupported(Expression expression) => new($"{expression} cannot be a part of a filter.");
}

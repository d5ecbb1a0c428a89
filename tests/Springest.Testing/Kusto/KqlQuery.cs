namespace Springest.Testing.Kusto;

/// <summary>
/// Runs the part of the Kusto query language that the app's alerts and charts are written in, over tables in memory. A table, column or
/// function that there is not is an error, as it is in Log Analytics.
/// </summary>
public sealed class KqlQuery
{
    private readonly KqlTokens _tokens;
    private readonly KqlExpressions _expressions;
    private readonly Dictionary<string, KqlTable> _tables;

    private KqlQuery(string text, IReadOnlyDictionary<string, KqlTable> tables, DateTimeOffset now)
    {
        _tokens = new KqlTokens(text);
        _expressions = new KqlExpressions(_tokens, now);
        _tables = new(tables);
    }

    /// <summary>Runs a query.</summary>
    /// <param name="text">The query.</param>
    /// <param name="tables">The tables by name.</param>
    /// <param name="now">What <c>ago</c> counts from.</param>
    /// <exception cref="KqlException">It cannot be run; the message says why.</exception>
    public static KqlTable Run(string text, IReadOnlyDictionary<string, KqlTable> tables, DateTimeOffset now)
        => new KqlQuery(text, tables, now).Run();

    private KqlTable Run()
    {
        while (_tokens.TryTake("let"))
        {
            var name = _tokens.TakeName();
            _tokens.Expect("=");
            _tables[name] = Tabular();
            _tokens.Expect(";");
        }

        var table = Tabular();
        if (_tokens.Next != "")
            throw new KqlException($"There is '{_tokens.Next}' after the query.");
        return table;
    }

    private KqlTable Tabular()
    {
        var table = Source();
        while (_tokens.TryTake("|"))
            table = Operator(table);
        return table;
    }

    private KqlTable Source()
    {
        if (_tokens.Next == "(")
            return Parenthesis();
        var name = _tokens.TakeName();
        return name switch
        {
            "union" => Union(null),
            "datatable" => DataTable(),
            _ => _tables.TryGetValue(name, out var table) ? table : throw new KqlException($"There is no table {name}."),
        };
    }

    private KqlTable Parenthesis()
    {
        _tokens.Expect("(");
        var table = Tabular();
        _tokens.Expect(")");
        return table;
    }

    private KqlTable Operator(KqlTable table)
    {
        var name = _tokens.Take();
        return name switch
        {
            "where" => Where(table),
            "extend" => Extend(table),
            "project" => Project(table),
            "distinct" => Distinct(Project(table)),
            "summarize" => Summarize(table),
            "union" => Union(table),
            "lookup" => Lookup(table),
            "order" => Order(table),
            "take" => table with
            {
                Rows = [.. table.Rows.Take(int.Parse(_tokens.Take(), System.Globalization.CultureInfo.InvariantCulture))],
            },
            _ => throw new KqlException($"There is no operator {name}."),
        };
    }

    private KqlTable Where(KqlTable table)
    {
        var condition = _expressions.Read(table.Columns);
        return table with { Rows = [.. table.Rows.Where(row => condition(row, [row]) is true)] };
    }

    private KqlTable Extend(KqlTable table)
    {
        do
        {
            var (name, value) = _expressions.ReadNamed(table.Columns);
            var (before, kept) = (table, table.Columns.Where(column => column != name).ToList());
            table = new(
                [.. kept, name],
                [.. before.Rows.Select(row => (object?[])[.. kept.Select(column => Cell(before, row, column)), value(row, [row])])]);
        } while (_tokens.TryTake(","));
        return table;
    }

    private KqlTable Project(KqlTable table)
    {
        var columns = new List<(string Name, KqlExpression Value)>();
        do
            columns.Add(_expressions.ReadNamed(table.Columns));
        while (_tokens.TryTake(","));
        return new(
            [.. columns.Select(column => column.Name)],
            [.. table.Rows.Select(row => columns.Select(column => column.Value(row, [row])).ToArray())]);
    }

    private static KqlTable Distinct(KqlTable table) => table with { Rows = [.. table.Rows.DistinctBy(Key)] };

    private KqlTable Summarize(KqlTable table)
    {
        var aggregates = new List<(IReadOnlyList<string> Names, Func<IReadOnlyList<object?[]>, IEnumerable<object?>> Values)>();
        while (_tokens.Next is not ("by" or "|" or ")" or ";" or ""))
        {
            aggregates.Add(_tokens.Next == "arg_max" ? ArgMax(table) : Aggregate(table));
            if (!_tokens.TryTake(","))
                break;
        }

        var keys = new List<(string Name, KqlExpression Value)>();
        if (_tokens.TryTake("by"))
            do
                keys.Add(_expressions.ReadNamed(table.Columns));
            while (_tokens.TryTake(","));

        // Without keys there is one row, also of nothing.
        var groups = keys.Count == 0
            ? [((object?[])[], table.Rows)]
            : table.Rows.Select(row => (Row: row, Keys: keys.Select(key => key.Value(row, [row])).ToArray())).GroupBy(row => Key(row.Keys))
                .Select(group => (group.First().Keys, (IReadOnlyList<object?[]>)[.. group.Select(row => row.Row)])).ToList();
        return new(
            [.. keys.Select(key => key.Name), .. aggregates.SelectMany(aggregate => aggregate.Names)],
            [.. groups.Select(group => (object?[])[.. group.Item1, .. aggregates.SelectMany(aggregate => aggregate.Values(group.Item2))])]);
    }

    private (IReadOnlyList<string> Names, Func<IReadOnlyList<object?[]>, IEnumerable<object?>> Values) Aggregate(KqlTable table)
    {
        var (name, value) = _expressions.ReadNamed(table.Columns);
        return ([name], group => [value(group.Count > 0 ? group[0] : [], group)]);
    }

    private (IReadOnlyList<string> Names, Func<IReadOnlyList<object?[]>, IEnumerable<object?>> Values) ArgMax(KqlTable table)
    {
        var (by, columns) = _expressions.ReadArgMax(table.Columns);
        return ([.. columns.Select(column => column.Name)], group =>
        {
            var greatest = group.MaxBy(row => by(row, group));
            return columns.Select(column => greatest is null ? null : column.Value(greatest, group));
        });
    }

    private KqlTable Union(KqlTable? first)
    {
        var tables = first is null ? new List<KqlTable>() : [first];
        do
            tables.Add(Source());
        while (_tokens.TryTake(","));
        // What a table does not have is null.
        var columns = tables.SelectMany(table => table.Columns).Distinct().ToList();
        return new(
            columns,
            [.. tables.SelectMany(table => table.Rows.Select(row => columns.Select(column => Cell(table, row, column)).ToArray()))]);
    }

    private KqlTable Lookup(KqlTable table)
    {
        var other = Source();
        _tokens.Expect("on");
        var on = _tokens.TakeName();
        var (left, right) = (Index(table, on), Index(other, on));
        var added = other.Columns.Where(column => column != on).ToList();
        return new([.. table.Columns, .. added], [.. table.Rows.Select(row =>
        {
            var found = other.Rows.FirstOrDefault(each => Equals(each[right], row[left]));
            return (object?[])[.. row, .. added.Select(column => found is null ? null : Cell(other, found, column))];
        })]);
    }

    private KqlTable Order(KqlTable table)
    {
        _tokens.Expect("by");
        var value = _expressions.Read(table.Columns);
        var ascending = _tokens.TryTake("asc") || (_tokens.TryTake("desc") && false);
        return table with
        {
            Rows = [.. ascending ? table.Rows.OrderBy(row => value(row, [row])) : table.Rows.OrderByDescending(row => value(row, [row]))],
        };
    }

    private KqlTable DataTable()
    {
        var columns = _tokens.List("(", ")", () =>
        {
            var name = _tokens.TakeName();
            _tokens.Expect(":");
            _tokens.TakeName();
            return name;
        });
        var values = _tokens.List("[", "]", () => _expressions.Read([])([], []));
        return new(columns, [.. values.Chunk(columns.Count)]);
    }

    private static string Key(object?[] values) => string.Join('\n', values.Select(value => FormattableString.Invariant($"{value}")));

    private static int Index(KqlTable table, string column)
        => table.Columns.ToList().IndexOf(column) is var index and >= 0 ? index : throw new KqlException($"There is no column {column}.");

    private static object? Cell(KqlTable table, object?[] row, string column)
        => table.Columns.ToList().IndexOf(column) is var index and >= 0 ? row[index] : null;
}

using System.Globalization;
using System.Text.Json.Nodes;
using Springest.Testing.Kusto;

namespace Springest.Testing.Telemetry;

/// <summary>
/// The tables that Application Insights makes of what was sent to it, with those of their columns that can be known here.
/// See https://learn.microsoft.com/azure/azure-monitor/app/convert-classic-resource for how the two go together.
/// </summary>
public static class Workspace
{
    private static readonly string[] Common =
    [
        "TimeGenerated",
        "Type",
        "OperationId",
        "OperationName",
        "ParentId",
        "AppRoleName",
        "AppRoleInstance",
        "SDKVersion",
        "Properties",
        "ItemCount",
    ];

    private static readonly Dictionary<string, string[]> Own = new()
    {
        ["AppMetrics"] = ["Name", "Sum", "Min", "Max"],
        ["AppTraces"] = ["Message", "SeverityLevel"],
        ["AppExceptions"] = ["SeverityLevel", "ExceptionType", "ProblemId", "OuterType", "OuterMessage"],
        ["AppDependencies"] = ["Id", "Target", "DependencyType", "Name", "Data", "Success", "ResultCode", "DurationMs"],
        ["AppRequests"] = ["Id", "Source", "Name", "Url", "Success", "ResultCode", "DurationMs"],
    };

    /// <summary>The tables by name, empty ones included.</summary>
    public static IReadOnlyDictionary<string, KqlTable> Read(IEnumerable<JsonObject> items)
    {
        var rows = items.SelectMany(RowsOf).ToLookup(row => (string)row["Type"]!);
        return Own.ToDictionary(
            table => table.Key,
            table => Table([.. Common, .. table.Value], rows[table.Key]));
    }

    private static KqlTable Table(string[] columns, IEnumerable<Dictionary<string, object?>> rows)
        => new(columns, [.. rows.Select(row => columns.Select(column => row.GetValueOrDefault(column)).ToArray())]);

    private static IEnumerable<Dictionary<string, object?>> RowsOf(JsonObject item)
    {
        var data = item["data"]!["baseData"]!;
        switch (item["data"]!["baseType"]!.GetValue<string>())
        {
            case "MetricData":
                foreach (var metric in data["metrics"]!.AsArray())
                    yield return new(Row("AppMetrics", item))
                    {
                        ["Name"] = Text(metric!["name"]),
                        ["Sum"] = Number(metric["value"]),
                        ["Min"] = Number(metric["min"]) ?? Number(metric["value"]),
                        ["Max"] = Number(metric["max"]) ?? Number(metric["value"]),
                        // How many values there were, not how many lines one stands for.
                        ["ItemCount"] = Number(metric["count"]) ?? 1.0,
                    };
                break;
            case "MessageData":
                yield return new(Row("AppTraces", item)) { ["Message"] = Text(data["message"]), ["SeverityLevel"] = Severity(data) };
                break;
            case "ExceptionData":
                var exception = data["exceptions"]![0]!;
                yield return new(Row("AppExceptions", item))
                {
                    ["SeverityLevel"] = Severity(data),
                    ["ExceptionType"] = Text(exception["typeName"]),
                    ["ProblemId"] = Text(data["problemId"] ?? exception["typeName"]),
                    ["OuterType"] = Text(exception["typeName"]),
                    ["OuterMessage"] = Text(exception["message"]),
                };
                break;
            case "RemoteDependencyData":
                yield return new(Row("AppDependencies", item))
                {
                    ["Id"] = Text(data["id"]),
                    ["Target"] = Text(data["target"]),
                    ["DependencyType"] = Text(data["type"]),
                    ["Name"] = Text(data["name"]),
                    ["Data"] = Text(data["data"]),
                    ["Success"] = data["success"]!.GetValue<bool>(),
                    ["ResultCode"] = Text(data["resultCode"]),
                    ["DurationMs"] = Duration(data),
                };
                break;
            case "RequestData":
                yield return new(Row("AppRequests", item))
                {
                    ["Id"] = Text(data["id"]),
                    ["Source"] = Text(data["source"]),
                    ["Name"] = Text(data["name"]),
                    ["Url"] = Text(data["url"]),
                    ["Success"] = data["success"]!.GetValue<bool>(),
                    ["ResultCode"] = Text(data["responseCode"]),
                    ["DurationMs"] = Duration(data),
                };
                break;
        }
    }

    private static Dictionary<string, object?> Row(string table, JsonObject item)
        => new()
        {
            ["TimeGenerated"] = item["time"]!.GetValue<DateTimeOffset>(),
            ["Type"] = table,
            ["OperationId"] = Text(item["tags"]!["ai.operation.id"]),
            ["OperationName"] = Text(item["tags"]!["ai.operation.name"]),
            ["ParentId"] = Text(item["tags"]!["ai.operation.parentId"]),
            ["AppRoleName"] = Text(item["tags"]!["ai.cloud.role"]),
            ["AppRoleInstance"] = Text(item["tags"]!["ai.cloud.roleInstance"]),
            ["SDKVersion"] = Text(item["tags"]!["ai.internal.sdkVersion"]),
            ["Properties"] = (item["data"]!["baseData"]!["properties"] as JsonObject ?? []).ToDictionary(
                property => property.Key,
                property => Text(property.Value)),
            // What was sampled stands for more than itself.
            ["ItemCount"] = 100 / (Number(item["sampleRate"]) ?? 100),
        };

    private static string Text(JsonNode? node) => node?.ToString() ?? "";

    private static double? Number(JsonNode? node) => node?.GetValue<double>();

    private static double Duration(JsonNode data) => TimeSpan.Parse(Text(data["duration"]), CultureInfo.InvariantCulture).TotalMilliseconds;

    private static double Severity(JsonNode data)
        => Array.IndexOf(["Verbose", "Information", "Warning", "Error", "Critical"], Text(data["severityLevel"]));
}

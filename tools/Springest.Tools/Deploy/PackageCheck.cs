using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Springest.Functions;

namespace Springest.Tools.Deploy;

/// <summary>Whether a package is one that Azure runs, and holds nothing that must stay at home.</summary>
/// <param name="files">What is in it, by path.</param>
/// <param name="functions">Names of the functions that it must have.</param>
/// <param name="secrets">Texts that must not be in it.</param>
internal sealed partial class PackageCheck(
    IReadOnlyDictionary<string, byte[]> files,
    IReadOnlyCollection<string> functions,
    IReadOnlyList<string> secrets)
{
    private static readonly string[] NeededAssemblies = ["Azure.Data.Tables.dll", "Microsoft.Azure.Functions.Worker.dll"];

    public static IReadOnlyCollection<string> FunctionsOfTheApp()
        => [.. typeof(SpringestFunctions).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .Select(method => method.GetCustomAttribute<FunctionAttribute>()?.Name).OfType<string>()];

    /// <summary>What is wrong, a sentence each.</summary>
    public IReadOnlyList<string> Run()
        => [.. Host(), .. Worker(), .. Metadata(), .. Extensions(), .. Assemblies(), .. Strangers(), .. Secrets()];

    private IEnumerable<string> Host()
    {
        if (Json("host.json") is not { } host)
            yield return "host.json is missing, or no JSON.";
        else if (host["version"]?.ToString() != "2.0")
            yield return "host.json has no \"version\": \"2.0\".";
    }

    private IEnumerable<string> Worker()
    {
        if (Json("worker.config.json")?["description"] is not { } worker)
            yield return "worker.config.json is missing, or has no description of the worker.";
        else if (worker["defaultWorkerPath"]?.ToString() is not { } program || !files.ContainsKey(program))
            yield return $"worker.config.json starts {worker["defaultWorkerPath"] ?? "nothing"}, which is not in the package.";
    }

    private IEnumerable<string> Metadata()
    {
        if (Json("functions.metadata") is not JsonArray metadata)
            return ["functions.metadata is missing, or no list."];
        var there = metadata.Select(function => function?["name"]?.ToString() ?? "").ToArray();
        var scripts = metadata
            .Select(function => function?["scriptFile"]?.ToString() ?? "")
            .Distinct()
            .Where(script => !files.ContainsKey(script));
        return
        [
            .. functions.Except(there).Select(name => $"functions.metadata lacks the function {name}."),
            .. there.Except(functions).Select(name => $"functions.metadata has the function {name}, which the code does not have."),
            .. scripts.Select(script =>
                $"functions.metadata names {(script.Length > 0 ? script : "no file")}, which is not in the package."),
        ];
    }

    private IEnumerable<string> Extensions()
    {
        if (
            Json("extensions.json") is null
            || !files.Keys.Any(path =>
                path.StartsWith(".azurefunctions/", StringComparison.Ordinal) && path.EndsWith(".dll", StringComparison.Ordinal)))
            yield return "The host's extensions are missing: extensions.json and the folder .azurefunctions.";
    }

    private IEnumerable<string> Assemblies()
        => NeededAssemblies.Where(name => !files.ContainsKey(name)).Select(name => $"{name} is missing.");

    private IEnumerable<string> Strangers()
        => files.Keys.Where(path => Stranger().IsMatch(path)).Select(path => $"{path} must not be in the package.");

    private IEnumerable<string> Secrets()
    {
        foreach (var (path, content) in files)
        {
            // As bytes one to one: text is found in any file, also in an assembly, whose literals have two bytes a character.
            var text = Encoding.Latin1.GetString(content);
            if (!path.EndsWith(".dll", StringComparison.Ordinal) && KeyInText().IsMatch(text))
                yield return $"{path} holds what looks like a connection string with its key.";
            if (
                secrets.Any(secret =>
                    text.Contains(secret, StringComparison.Ordinal) || text.Contains(Wide(secret), StringComparison.Ordinal)))
                yield return $"{path} holds a key of local.settings.json.";
        }
    }

    private static string Wide(string text) => Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(text));

    private JsonNode? Json(string path)
    {
        try
        {
            return files.TryGetValue(path, out var content) ? JsonNode.Parse(content) : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(
        @"(^|/)(local\.settings[^/]*\.json|\.env[^/]*|[^/]*\.user|[^/]*\.pfx|secrets\.json|node_modules/.*|"
            + @"Springest\.(LocalHost|Simulator|Testing|Tools)\.dll)$",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Stranger();

    [GeneratedRegex(@"(AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,}={0,2}")]
    private static partial Regex KeyInText();
}

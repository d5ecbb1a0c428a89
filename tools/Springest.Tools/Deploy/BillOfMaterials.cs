using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Springest.Tools.Deploy;

/// <summary>
/// What a package is made of, as CycloneDX: each NuGet package with those of its files that are in the zip, the host's extensions
/// included, and what comes from none. Made of the zip itself, so that it lists what runs, not what was asked for.
/// </summary>
internal static class BillOfMaterials
{
    // Of the app, and of what the host loads for it.
    private static readonly string[] DependencyFiles = ["Springest.Functions.deps.json", ".azurefunctions/function.deps.json"];

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    public static byte[] Make(string zip)
    {
        var files = PackageZip.Read(zip);
        var packages = new SortedDictionary<string, (JsonObject Component, List<string> Files)>(StringComparer.Ordinal);
        var owned = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in DependencyFiles)
        {
            if (!files.TryGetValue(path, out var content))
                throw new UserErrorException($"The package has no {path}, which says what it is made of.");
            var folder = path[..(path.LastIndexOf('/') + 1)];
            var dependencies = JsonNode.Parse(content)!;
            var target = dependencies["targets"]![dependencies["runtimeTarget"]!["name"]!.GetValue<string>()]!.AsObject();
            foreach (var (id, library) in target)
            {
                var there = Assets(library!).SelectMany(asset => Places(folder, asset)).Where(files.ContainsKey).ToList();
                if (there.Count == 0)
                    continue;
                owned.UnionWith(there);
                if (!packages.TryGetValue(id, out var package))
                    packages.Add(id, package = (Library(id, dependencies["libraries"]![id]!), []));
                package.Files.AddRange(there);
            }
        }

        foreach (var (component, its) in packages.Values)
            component["components"] = new JsonArray([.. its.Distinct().Order(StringComparer.Ordinal).Select(path => File(path, files))]);
        var others = files.Keys.Except(owned).Order(StringComparer.Ordinal).Select(path => File(path, files));
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["component"] = new JsonObject
                {
                    ["type"] = "application",
                    ["name"] = Path.GetFileName(zip),
                    ["hashes"] = Hashes("SHA-256", Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(zip)))),
                },
            },
            ["components"] = new JsonArray([.. packages.Values.Select(package => package.Component), .. others]),
        }, Readable);
    }

    private static IEnumerable<string> Assets(JsonNode library)
        => ((string[])["runtime", "native", "resources", "runtimeTargets"])
            .SelectMany(kind => library[kind]?.AsObject().Select(asset => asset.Key) ?? []);

    // An asset for all systems lies at the top; one for a system or a language, in folders of its own.
    private static IEnumerable<string> Places(string folder, string asset)
        => [$"{folder}{asset}", $"{folder}{Path.GetFileName(asset)}", $"{folder}{string.Join('/', asset.Split('/').TakeLast(2))}"];

    private static JsonObject Library(string id, JsonNode library)
    {
        var (name, version) = (id.Split('/')[0], id.Split('/')[1]);
        var component = new JsonObject { ["type"] = "library", ["bom-ref"] = id, ["name"] = name, ["version"] = version };
        if (library["type"]!.GetValue<string>() != "package")
            return component;
        component["purl"] = $"pkg:nuget/{name}@{version}";
        if (library["sha512"]?.GetValue<string>() is { Length: > 7 } hash)
            component["hashes"] = Hashes("SHA-512", Convert.ToHexStringLower(Convert.FromBase64String(hash["sha512-".Length..])));
        return component;
    }

    private static JsonObject File(string path, Dictionary<string, byte[]> files) => new()
    {
        ["type"] = "file",
        ["name"] = path,
        ["hashes"] = Hashes("SHA-256", Convert.ToHexStringLower(SHA256.HashData(files[path]))),
    };

    private static JsonArray Hashes(string algorithm, string content)
        => [new JsonObject { ["alg"] = algorithm, ["content"] = content }];
}

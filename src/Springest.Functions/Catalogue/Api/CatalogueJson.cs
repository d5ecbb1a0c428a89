using System.Text.Json;
using System.Text.Json.Serialization;

namespace Springest.Functions.Catalogue.Api;

/// <summary>How what the mirror says of itself is written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ChangeEntry))]
[JsonSerializable(typeof(PassEntry))]
[JsonSerializable(typeof(FieldEntry))]
internal sealed partial class CatalogueJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;
using Springest.Functions.Http;

namespace Springest.Functions.Catalogue.Api;

/// <summary>How what the mirror says of itself is written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ChangeEntry))]
[JsonSerializable(typeof(PassEntry))]
[JsonSerializable(typeof(Page<FieldEntry>))]
internal sealed partial class CatalogueJson : JsonSerializerContext;

using System.ComponentModel.DataAnnotations;

namespace Springest.Functions.Storage;

/// <summary>Settings <c>Springest:Storage</c>. Where storage is comes from <c>AzureWebJobsStorage</c>, as for the Functions host.</summary>
public sealed class StorageOptions
{
    /// <summary>Put before every table's and container's name: lower case letters and digits, a letter first; may be empty.</summary>
    [RegularExpression(
        "^([a-z][a-z0-9]{0,20})?$",
        ErrorMessage = "{0} must be empty or up to 21 lower case letters and digits, a letter first."
    )]
    public string Prefix { get; set; } = "";
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Springest.Functions.Certificates.Reports;

namespace Springest.Functions.Certificates.Uploads;

/// <summary>What is to be checked before it is uploaded.</summary>
/// <param name="List">The list, in Base64; null if there is none.</param>
/// <param name="Files">Names of the files that were chosen.</param>
public sealed record UploadCheckRequest(string? List, IReadOnlyList<string>? Files);

/// <summary>What came of a check.</summary>
/// <param name="Files">Each line of the list, and each chosen file that it does not name.</param>
/// <param name="Problems">Why the list cannot be read, if it cannot.</param>
public sealed record UploadCheckResult(IReadOnlyList<CheckedFile> Files, IReadOnlyList<Problem> Problems);

/// <summary>A file before its upload.</summary>
/// <param name="Line">Its line in the list.</param>
/// <param name="File">Its name.</param>
/// <param name="IsChosen">False if the list names it and nobody chose it.</param>
/// <param name="Fields">What it is for, by the names of the fields.</param>
/// <param name="Problems">What is wrong with it; it can be sent if nothing is, and it was chosen.</param>
public sealed record CheckedFile(
    int? Line, string File, bool IsChosen, IReadOnlyDictionary<string, string> Fields, IReadOnlyList<Problem> Problems);

/// <summary>A file that is uploaded.</summary>
/// <param name="Site">The site.</param>
/// <param name="Batch">The upload that it belongs to.</param>
/// <param name="Given">Its name on the sender's machine.</param>
/// <param name="File">The name that it gets.</param>
/// <param name="Fields">What it is for; null if its name says so.</param>
/// <param name="By">Who uploads it.</param>
public sealed record Upload(string Site, string Batch, string Given, string File, RawFields? Fields, string By);

/// <summary>What became of a part of a file.</summary>
public enum UploadOutcome
{
    /// <summary>It is there.</summary>
    Taken,

    /// <summary>It was the last, and the file is there.</summary>
    Done,

    /// <summary>It was the last, and another never came.</summary>
    PartMissing,

    /// <summary>There is such a file already.</summary>
    Exists,
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(UploadCheckRequest))]
[JsonSerializable(typeof(UploadCheckResult))]
internal sealed partial class UploadJson : JsonSerializerContext;

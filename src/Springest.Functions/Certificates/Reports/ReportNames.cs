namespace Springest.Functions.Certificates.Reports;

/// <summary>What is put behind the name of a file for the report beside it.</summary>
internal static class ReportNames
{
    public const string Receipt = ".receipt.json";
    public const string Rejection = ".rejection.json";

    /// <summary>Whether a file has the name of a report.</summary>
    public static bool IsOne(string name)
        => name.EndsWith(Receipt, StringComparison.Ordinal) || name.EndsWith(Rejection, StringComparison.Ordinal);
}

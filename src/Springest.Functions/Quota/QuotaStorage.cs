namespace Springest.Functions.Quota;

/// <summary>Name of the quota's table, without prefix.</summary>
public static class QuotaStorage
{
    public const string Counters = "Quota";
}

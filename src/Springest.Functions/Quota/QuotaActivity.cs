namespace Springest.Functions.Quota;

/// <summary>What one instance did with the quota of one key since it started.</summary>
/// <param name="InHand">Permits granted and not used yet.</param>
/// <param name="Grants">Writes that granted permits.</param>
/// <param name="Granted">Permits granted.</param>
/// <param name="Returned">Permits that were not used in time and given back.</param>
/// <param name="Lost">Permits not used and not given back, since the answer of a write was lost.</param>
/// <param name="Conflicts">Writes that came second.</param>
/// <param name="Failures">Times that storage could not be asked.</param>
/// <param name="Blocks">Times that the server asked for a pause, or for a longer one.</param>
public readonly record struct QuotaActivity(int InHand, long Grants, long Granted, long Returned, long Lost, long Conflicts, long Failures, long Blocks);

namespace Springest.Functions.Quota;

/// <summary>The quota as one class sees it.</summary>
/// <param name="Class">The class.</param>
/// <param name="Ceiling">The part of the limit that it may use together with the others.</param>
/// <param name="Left">Permits that it could have now.</param>
/// <param name="Waiting">Permits that are waited for in this instance.</param>
/// <param name="Taken">Leases given out in this instance since it started.</param>
/// <param name="Refused">Leases refused in this instance since it started.</param>
public sealed record QuotaClassStatus(QuotaClass Class, int Ceiling, int Left, int Waiting, long Taken, long Refused);
